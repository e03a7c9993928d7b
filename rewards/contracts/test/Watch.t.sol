// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev Blocking a root, the adjudicator's decision and silence, and the bonds.
contract WatchTest is Fixture {
    bytes32 private constant EVIDENCE = keccak256("what is wrong");

    function test_aBlockedRootDoesNotTakeEffect() public {
        Header memory h = pendingRoot();
        bytes32 headerHash = keccak256(abi.encode(h));
        uint256 posted = now_();
        vm.warp(posted + DELAY - 1);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootBlocked(1, WATCHER, EVIDENCE);
        blockIt(h);
        checkPending(1, headerHash, posted, 2, WATCHER);
        vm.warp(posted + DELAY + JUDGEMENT - 2);
        checkNoneInForce();
        checkPending(1, headerHash, posted, 2, WATCHER);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, 1), h);
    }

    function test_aRootCannotBeBlockedTwiceOrTooLate() public {
        Header memory h = pendingRoot();
        blockIt(h);
        expectBlockRevert(h);
        vm.prank(COURT);
        vault.judge(1, true);
        expectBlockRevert(h); // in force
        h = next();
        post(h);
        delayPasses();
        expectBlockRevert(h);
    }

    function test_onlyTheVeryRootThatIsPendingCanBeBlocked() public {
        Header memory h = pendingRoot();
        h.spending ^= bytes32(uint256(1));
        expectBlockRevert(h);
    }

    function test_aWatcherNeedsABondAndIsNotThePoster() public {
        Header memory h = pendingRoot();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND, 0));
        vm.prank(RELAYER);
        vault.blockRoot(h, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotWatcher.selector, POSTER));
        vm.prank(POSTER);
        vault.blockRoot(h, EVIDENCE);
    }

    function test_aGoodRootIsInForceAtOnceAndTheWatcherPays() public {
        Header memory h = pendingRoot();
        blockIt(h);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootJudged(1, true);
        vm.prank(COURT);
        vault.judge(1, true);
        checkEffective(1, keccak256(abi.encode(h)));
        checkBonds(BOND + BOND - BOND / 2, 0, BOND / 2);
    }

    function test_aBadRootIsVoidAndThePosterPays() public {
        Header memory h = pendingRoot();
        blockIt(h);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootJudged(1, false);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootVoided(1, keccak256(abi.encode(h)));
        vm.prank(COURT);
        vault.judge(1, false);
        checkNoneInForce();
        checkPending(0, bytes32(0), 0, 0, address(0));
        checkBonds(0, BOND + BOND - BOND / 2, BOND / 2);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND, 0), h);
    }

    function test_theAdjudicatorsSilenceVoidsTheRootAndFreesBothBonds() public {
        Header memory h = pendingRoot();
        blockIt(h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, 1));
        vault.settleSilence();
        vm.warp(now_() + JUDGEMENT - 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, 1));
        vault.settleSilence();
        vm.warp(now_() + 1);
        checkPending(0, bytes32(0), 0, 0, address(0));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, 1));
        vm.prank(COURT);
        vault.judge(1, true); // too late
        vm.expectEmit(true, true, true, true);
        emit Vault.RootVoided(1, keccak256(abi.encode(h)));
        vm.prank(RELAYER);
        vault.settleSilence();
        checkNoneInForce();
        checkBonds(BOND, BOND, 0);
        vm.prank(POSTER);
        vault.takeBond(BOND);
        vm.prank(WATCHER);
        vault.takeBond(BOND);
        vm.assertEq(vault.bonds(), 0, "bonds");
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, 1));
        vault.settleSilence(); // once
    }

    function test_afterSilenceTheNextRootTellsOfTheVoidOne() public {
        Header memory h = pendingRoot();
        blockIt(h);
        vm.warp(now_() + JUDGEMENT);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootVoided(1, keccak256(abi.encode(h)));
        h.payouts = bytes32(uint256(99));
        post(h);
        checkPending(1, keccak256(abi.encode(h)), now_(), 1, address(0));
    }

    function test_nothingIsSilentThatWasNeverBlocked() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, 1));
        vault.settleSilence();
        pendingRoot();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, 1));
        vault.settleSilence();
    }

    /// @dev The last good root stays claimable throughout, and a corrected root replaces the void one.
    function test_claimsGoOnUnderTheLastGoodRoot() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        (Header memory good, bytes32[] memory all) = (head, payouts);
        deposit(1000);
        Header memory bad = next();
        (bad.payouts, bad.total, bad.spent) =
        (Tree.leaf(bytes32(uint256(uint160(POSTER))), 900), bad.total + 900, bad.spent + 900);
        post(bad);
        blockIt(bad);
        vault.claim(good, accounts[0], sums[0], Tree.proof(all, 0));
        expectNotInForce(bad, 900);
        vm.prank(COURT);
        vault.judge(2, false);
        delayPasses();
        expectNotInForce(bad, 900);
        vault.claim(good, accounts[1], sums[1], Tree.proof(all, 1));
        vm.prank(POSTER);
        vault.putBond(BOND);
        (, uint256[] memory later) = epochOf(5, 2);
        vm.assertEq(head.epoch, 2, "same number");
        vault.claimMany(head, accounts, later, new bytes32[](0), allKnown(5));
        vm.assertEq(vault.paid(), total(later), "all paid");
        vm.assertEq(token.balanceOf(POSTER), 8 * BOND, "nothing for the poster");
    }

    /// @dev What a void root said about log and blocks binds nobody.
    function test_aVoidRootLeavesNoTrace() public {
        Header memory h = next();
        (h.logSize, h.through) = (100, 16);
        post(h);
        blockIt(h);
        vm.prank(COURT);
        vault.judge(1, false);
        vm.prank(POSTER);
        vault.putBond(BOND);
        (h.logSize, h.through) = (50, 15);
        post(h);
        delayPasses();
        checkEffective(1, keccak256(abi.encode(h)));
    }

    function test_judgementIsTheAdjudicatorsAndOfABlockedRootOnly() public {
        Header memory h = pendingRoot();
        expectNotPending(1); // waits, but nobody blocked it
        blockIt(h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotAdjudicator.selector, POSTER));
        vm.prank(POSTER);
        vault.judge(1, true);
        expectNotPending(2);
        vm.prank(COURT);
        vault.judge(1, true);
        expectNotPending(1); // once
    }

    // Bonds

    function test_bondsArePutAndTakenByTheirOwners() public {
        vm.expectEmit(true, true, true, true);
        emit Vault.BondPut(WATCHER, 5);
        vm.prank(WATCHER);
        vault.putBond(5);
        vm.assertEq(vault.bonds(), 2 * BOND + 5, "bonds");
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, 1, 0));
        vm.prank(RELAYER);
        vault.takeBond(1);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND + 6, BOND + 5));
        vm.prank(WATCHER);
        vault.takeBond(BOND + 6);
        vm.expectEmit(true, true, true, true);
        emit Vault.BondTaken(WATCHER, BOND + 5);
        vm.prank(WATCHER);
        vault.takeBond(BOND + 5);
        vm.assertEq(token.balanceOf(WATCHER), 10 * BOND, "back");
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 0));
        vm.prank(WATCHER);
        vault.takeBond(0);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 0));
        vm.prank(WATCHER);
        vault.putBond(0);
    }

    function test_bondsAtStakeCannotBeTaken() public {
        Header memory h = pendingRoot();
        vm.prank(WATCHER);
        vault.takeBond(1); // nothing of the watcher's is at stake yet
        vm.prank(WATCHER);
        vault.putBond(1);
        expectLocked(POSTER);
        blockIt(h);
        expectLocked(POSTER);
        expectLocked(WATCHER);
        vm.prank(WATCHER);
        vault.putBond(3);
        vm.prank(WATCHER);
        vault.takeBond(3); // what is above the stake is free
        expectLocked(WATCHER);
        vm.prank(COURT);
        vault.judge(1, true);
        vm.prank(POSTER);
        vault.takeBond(BOND);
        vm.prank(COURT);
        vault.takeBond(BOND / 2);
        vm.assertEq(token.balanceOf(COURT), BOND / 2, "the adjudicator's part");
    }

    function test_thePostersBondIsFreeWhenTheDelayIsOver() public {
        pendingRoot();
        expectLocked(POSTER);
        delayPasses();
        vm.prank(POSTER);
        vault.takeBond(BOND);
        vm.assertEq(token.balanceOf(POSTER), 10 * BOND, "back");
    }

    /// @dev Bonds are nobody's deposits: no root can promise them.
    function test_bondsDoNotCoverRoots() public {
        deposit(100);
        Header memory h = next();
        (h.total, h.spent) = (100, 101);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 101, 100), h);
    }

    // Helpers

    function pendingRoot() private returns (Header memory h) {
        deposit(100);
        h = next();
        (h.total, h.spent) = (10, 20);
        post(h);
    }

    function blockIt(Header memory h) private {
        vm.prank(WATCHER);
        vault.blockRoot(h, EVIDENCE);
    }

    function expectBlockRevert(Header memory h) private {
        vm.prank(WATCHER);
        vault.putBond(BOND);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, h.epoch));
        blockIt(h);
    }

    function expectNotPending(uint64 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPending.selector, epoch));
        vm.prank(COURT);
        vault.judge(epoch, true);
    }

    function expectNotInForce(Header memory h, uint256 sum) private {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, h.epoch));
        vault.claim(h, POSTER, sum, new bytes32[](0));
    }

    function expectLocked(address who) private {
        uint256 has = vault.bondOf(who);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND + 1, has));
        vm.prank(who);
        vault.takeBond(1);
    }

    function checkBonds(uint256 posters, uint256 watchers, uint256 courts) private view {
        vm.assertEq(vault.bondOf(POSTER), posters, "the poster's bond");
        vm.assertEq(vault.bondOf(WATCHER), watchers, "the watcher's bond");
        vm.assertEq(vault.bondOf(COURT), courts, "the adjudicator's part");
        vm.assertEq(vault.bonds(), 2 * BOND, "all bonds");
    }
}

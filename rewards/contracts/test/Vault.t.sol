// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Header} from "../src/Header.sol";
import {TestToken} from "../src/TestToken.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {FeeToken, HookToken, ShrinkingToken} from "./Tokens.sol";
import {Tree} from "./Tree.sol";

/// @dev Making a vault, deposits, roots and claims.
contract VaultTest is Fixture {
    // Making

    function test_isMadeEmpty() public view {
        vm.assertEq(address(vault.token()), address(token), "token");
        vm.assertEq(vault.poster(), POSTER, "poster");
        vm.assertEq(vault.adjudicator(), COURT, "adjudicator");
        vm.assertEq(vault.delay(), DELAY, "delay");
        vm.assertEq(vault.judgement(), JUDGEMENT, "judgement");
        vm.assertEq(vault.notice(), NOTICE, "notice");
        vm.assertEq(vault.bond(), BOND, "bond");
        vm.assertEq(vault.firstBlock(), 17, "first block");
        vm.assertEq(uint256(vault.deposited()) + vault.withdrawn() + vault.paid(), 0, "figures");
        checkNoneInForce();
        (uint64 waiting,,, uint8 state,) = vault.pending();
        vm.assertEq(uint256(waiting) + state, 0, "pending root");
    }

    function test_termsThatContradictOneAnotherAreRefused() public {
        Vault.Terms memory t = terms(token);
        t.token = IERC20(address(0));
        expectBadTerms(t);
        t = terms(token);
        t.poster = address(0);
        expectBadTerms(t);
        t = terms(token);
        t.adjudicator = address(0);
        expectBadTerms(t);
        t.adjudicator = POSTER;
        expectBadTerms(t);
        t = terms(token);
        t.bond = 0; // a delay in which nobody can block
        expectBadTerms(t);
        t = terms(token);
        t.delay = 0; // a bond without the time to use it
        expectBadTerms(t);
        t = terms(token);
        t.judgement = 0;
        expectBadTerms(t);
        t = terms(token);
        t.notice = 3 * DELAY + 2 * JUDGEMENT - 1;
        expectBadTerms(t);
        t = terms(token);
        t.bond = uint256(type(uint96).max) + 1;
        expectBadTerms(t);
        t = terms(token);
        (t.delay, t.judgement, t.notice) = (type(uint64).max, type(uint64).max, type(uint64).max); // no sum of them wraps
        expectBadTerms(t);
        t = terms(token);
        t.notice = 3 * DELAY + 2 * JUDGEMENT;
        t.bond = type(uint96).max;
        new Vault(t);
    }

    function test_devVaultHasNeitherDelayNorBond() public {
        vault = new Vault(Vault.Terms(token, POSTER, address(0), 0, 0, 3, 0));
        approve(REQUESTER);
        deposit(10);
        Header memory h = next();
        (h.total, h.spent) = (7, 9);
        post(h);
        checkEffective(1, keccak256(abi.encode(h))); // at once
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotWatcher.selector, WATCHER));
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        post(next());
        (uint64 epoch,) = vault.effective();
        vm.assertEq(epoch, 2, "in the same block");
    }

    function test_tokenIsMintedByTheMinterOnly() public {
        vm.expectRevert(abi.encodeWithSelector(TestToken.TestTokenNotMinter.selector, RELAYER));
        vm.prank(RELAYER);
        token.mint(RELAYER, 1);
    }

    // Deposits

    function test_depositIsCountedAndTold() public {
        vm.expectEmit(true, true, true, true);
        emit Vault.Deposited(REF, REQUESTER, REQUESTER, 7);
        deposit(7);
        vm.roll(18);
        deposit(11);
        vm.assertEq(vault.deposited(), 18, "deposited");
        vm.assertEq(token.balanceOf(address(vault)), 18 + 2 * BOND, "balance");
        checkAccount(REQUESTER, REF, 18, 0, 17, 0);
    }

    function test_depositForSomebodyElseIsTheirs() public {
        vm.expectEmit(true, true, true, true);
        emit Vault.Deposited(REF, RELAYER, REQUESTER, 7);
        vm.prank(REQUESTER);
        vault.deposit(RELAYER, REF, 7);
        checkAccount(RELAYER, REF, 7, 0, 17, 0);
        checkAccount(REQUESTER, REF, 0, 0, 0, 0);
    }

    function test_accountsOfOneRefAreApart() public {
        deposit(7);
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, keccak256("org_2"), 11);
        checkAccount(REQUESTER, REF, 7, 0, 17, 0);
        checkAccount(REQUESTER, keccak256("org_2"), 11, 0, 17, 0);
        vm.assertEq(vault.accountOf(REQUESTER, REF), keccak256(abi.encode(REQUESTER, REF)), "key");
    }

    function test_depositByAContractIsItsOwn() public {
        token.mint(address(this), 5);
        token.approve(address(vault), 5);
        vault.deposit(address(this), REF, 5);
        checkAccount(address(this), REF, 5, 0, 17, 0);
    }

    function test_depositOfNothingIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 0));
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, REF, 0);
    }

    function test_depositForNobodyIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, address(0)));
        vm.prank(REQUESTER);
        vault.deposit(address(0), REF, 1);
    }

    function test_depositWithoutMoneyIsRefused() public {
        vm.prank(RELAYER);
        token.approve(address(vault), 5);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, RELAYER, 0, 5));
        vm.prank(RELAYER);
        vault.deposit(RELAYER, REF, 5);
    }

    function test_depositOfATokenWithAFeeIsRefused() public {
        FeeToken fee = new FeeToken();
        Vault other = new Vault(terms(fee));
        fee.approve(address(other), 1000);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultFeeToken.selector, 1000, 990));
        other.deposit(address(this), REF, 1000);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultFeeToken.selector, 1000, 990));
        other.putBond(1000);
    }

    function test_aTokenThatLowersBalancesStopsDeposits() public {
        ShrinkingToken shrinking = new ShrinkingToken();
        vault = new Vault(Vault.Terms(shrinking, POSTER, address(0), 0, 0, 3, 0));
        shrinking.approve(address(vault), 1000);
        vault.deposit(address(this), REF, 100);
        shrinking.shrink(address(vault), 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultShort.selector, 110, 109));
        vault.deposit(address(this), REF, 10);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultShort.selector, 103, 102));
        vault.putBond(3);
        bool sent = shrinking.transfer(address(vault), 1); // made whole by somebody
        vm.assertEq(sent ? 1 : 0, 1, "sent");
        vault.deposit(address(this), REF, 10);
    }

    function test_depositCannotBeCountedTwiceByAHook() public {
        HookToken hook = new HookToken();
        Vault other = new Vault(terms(hook));
        hook.approve(address(other), type(uint256).max);
        hook.arm(address(other), abi.encodeCall(Vault.deposit, (address(this), REF, 10)));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        other.deposit(address(this), REF, 10);
    }

    function test_depositBeyondTheCounterIsRefused() public {
        uint256 most = type(uint128).max;
        token.mint(REQUESTER, most + 1);
        deposit(most);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 1));
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, REF, 1);
    }

    function test_depositWithPermitNeedsNoApproval() public {
        (address owner, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = permit(7);
        vm.prank(owner);
        vault.depositWithPermit(owner, REF, 7, deadline, v, r, s);
        checkAccount(owner, REF, 7, 0, 17, 0);
    }

    /// @dev Whoever hands in the permit first does not stop the deposit.
    function test_permitHandedInByAStrangerServesTheDeposit() public {
        (address owner, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = permit(7);
        vm.prank(RELAYER);
        token.permit(owner, address(vault), 7, deadline, v, r, s);
        vm.prank(owner);
        vault.depositWithPermit(owner, REF, 7, deadline, v, r, s);
        checkAccount(owner, REF, 7, 0, 17, 0);
    }

    function test_permitServesItsSignerOnly() public {
        (address owner, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = permit(7);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 7));
        vm.prank(RELAYER);
        vault.depositWithPermit(RELAYER, REF, 7, deadline, v, r, s);
        vm.assertEq(token.balanceOf(owner), 7, "kept");
    }

    // Roots

    function test_rootIsPostedByThePosterOnly() public {
        Header memory empty;
        Header memory h = next();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPoster.selector, REQUESTER));
        vm.prank(REQUESTER);
        vault.postRoot(empty, h);
    }

    function test_rootNeedsThePostersBond() public {
        vm.prank(POSTER);
        vault.takeBond(1);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND, BOND - 1), next());
    }

    function test_rootTakesEffectAfterTheDelay() public {
        deposit(100);
        Header memory h = next();
        (h.total, h.spent) = (10, 20);
        bytes32 headerHash = keccak256(abi.encode(h));
        vm.expectEmit(true, true, true, true);
        emit Vault.RootPosted(1, headerHash, h);
        post(h);
        uint256 posted = now_();
        checkPending(1, headerHash, posted, 1, address(0));
        vm.warp(posted + DELAY - 1);
        checkNoneInForce();
        vm.warp(posted + DELAY);
        checkEffective(1, headerHash);
        checkPending(0, bytes32(0), 0, 0, address(0));
    }

    function test_rootsFollowOneAnother() public {
        Header memory h = next();
        h.epoch = 0;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 1, 0), h);
        h.epoch = 2;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 1, 2), h);
        h.epoch = 1;
        post(h);
        h.epoch = 2;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, 1), h);
        delayPasses();
        h.epoch = 1;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 2, 1), h);
        h.epoch = 2;
        post(h);
        checkEffective(1, keccak256(abi.encode(withEpoch(h, 1))));
        delayPasses();
        checkEffective(2, keccak256(abi.encode(h)));
    }

    /// @dev total <= spent <= what is left of the deposits, to the unit.
    function test_rootWithAWrongTotalIsRefused() public {
        deposit(100);
        Header memory h = next();
        (h.total, h.spent) = (50, 101);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 101, 100), h);
        (h.total, h.spent) = (51, 50);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultOverspent.selector, 51, 50), h);
        (h.total, h.spent) = (100, 100);
        post(h);
    }

    function test_totalsNeverShrink() public {
        deposit(100);
        Header memory h = next();
        (h.total, h.spent) = (60, 80);
        post(h);
        delayPasses();
        h = next();
        h.total = 59;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultTotalShrinks.selector, 60, 59), h);
        h.total = 60;
        h.spent = 79;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultSpentShrinks.selector, 80, 79), h);
        h.spent = 80;
        post(h);
    }

    function test_rootKnowsPastBlocksAndNoFewerThanBefore() public {
        Header memory h = next();
        h.through = 17; // the block of now may still get deposits
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBadThrough.selector, 0, 17), h);
        h.through = type(uint64).max;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBadThrough.selector, 0, type(uint64).max), h);
        h.through = 16;
        post(h);
        delayPasses();
        h = next();
        h.through = 15;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBadThrough.selector, 16, 15), h);
        h.through = 16;
        post(h);
    }

    /// @dev Else a poster could say that less was in force, and let sums shrink.
    function test_rootIsMeasuredByTheHeaderInForceOnly() public {
        deposit(20);
        Header memory h = next();
        (h.total, h.spent, h.logSize) = (10, 20, 5);
        post(h);
        delayPasses();
        Header memory empty;
        Header memory less = inForce();
        less.total = 0;
        h = next();
        h.total = 0;
        bytes memory why = abi.encodeWithSelector(Vault.VaultNotInForce.selector, 0);
        vm.expectRevert(why);
        vm.prank(POSTER);
        vault.postRoot(empty, h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 1));
        vm.prank(POSTER);
        vault.postRoot(less, h);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultTotalShrinks.selector, 10, 0), h);
    }

    /// @dev A void root was never in force: the next one is measured by the one before it.
    function test_rootAfterAVoidOneIsMeasuredByTheHeaderInForce() public {
        deposit(20);
        Header memory h = next();
        (h.total, h.spent, h.logSize) = (1, 2, 5);
        post(h);
        delayPasses();
        h = next();
        (h.total, h.spent, h.logSize) = (10, 20, 7);
        post(h);
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        vm.prank(COURT);
        vault.judge(2, false);
        vm.prank(POSTER);
        vault.putBond(BOND); // the one before went to watcher and court
        Header memory voided = h;
        h = next();
        (h.total, h.spent, h.logSize) = (3, 4, 6);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 2));
        vm.prank(POSTER);
        vault.postRoot(voided, h);
        post(h);
        delayPasses();
        checkEffective(2, keccak256(abi.encode(h)));
    }

    function test_logNeverShrinks() public {
        Header memory h = next();
        h.logSize = 9;
        post(h);
        delayPasses();
        h = next();
        h.logSize = 8;
        expectPostRevert(abi.encodeWithSelector(Vault.VaultBadLogSize.selector, 9, 8), h);
        h.logSize = 9;
        post(h);
    }

    // Claims

    function test_claimPaysTheAccountOnce() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        vm.prank(RELAYER);
        vault.claim(head, accounts[3], sums[3], Tree.proof(payouts, 3));
        vm.assertEq(token.balanceOf(accounts[3]), sums[3], "paid");
        vm.assertEq(vault.claimed(accounts[3]), sums[3], "claimed");
        vm.assertEq(vault.paid(), sums[3], "counted");
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[3]));
        vault.claim(head, accounts[3], sums[3], Tree.proof(payouts, 3));
    }

    function test_claimOfALaterEpochPaysTheDifference() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        vault.claim(head, accounts[0], sums[0], Tree.proof(payouts, 0));
        (, uint256[] memory later) = epochOf(5, 2);
        vault.claim(head, accounts[0], later[0], Tree.proof(payouts, 0));
        vault.claim(head, accounts[1], later[1], Tree.proof(payouts, 1));
        vm.assertEq(token.balanceOf(accounts[0]), later[0], "in two parts");
        vm.assertEq(token.balanceOf(accounts[1]), later[1], "at once");
    }

    function test_claimUnderAnOlderHeaderIsRefused() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        (Header memory old, bytes32[] memory proof) = (head, Tree.proof(payouts, 0));
        epochOf(5, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 1));
        vault.claim(old, accounts[0], sums[0], proof);
    }

    /// @dev An old sum is not in the new tree, and a header with the old root is not the header in force.
    function test_claimOfAnOldSumIsRefused() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        (bytes32 old, bytes32[] memory proof) = (head.payouts, Tree.proof(payouts, 0));
        epochOf(5, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, accounts[0], sums[0], proof);
        Header memory h = head;
        h.payouts = old;
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 2));
        vault.claim(h, accounts[0], sums[0], proof);
    }

    /// @dev A poster who lowers a sum takes nothing back, and the vault pays nothing for it.
    function test_claimOfALoweredSumPaysNothing() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(2, 1);
        vault.claim(head, accounts[0], sums[0], Tree.proof(payouts, 0));
        uint256 had = sums[0];
        (sums[0], sums[1]) = (had - 1, sums[1] + 1);
        payouts = Tree.nodes(accounts, sums);
        deposit(1);
        Header memory h = next();
        h.payouts = payouts[0];
        (h.total, h.spent) = (total(sums) + 1, total(sums) + 1); // had is paid for good
        post(h);
        delayPasses();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[0]));
        vault.claim(head, accounts[0], sums[0], Tree.proof(payouts, 0));
        vault.claimMany(head, accounts, sums, new bytes32[](0), allKnown(2));
        vm.assertEq(vault.claimed(accounts[0]), had, "noted");
        vm.assertEq(token.balanceOf(accounts[0]), had, "kept");
    }

    function test_claimBeforeTheFirstRootIsRefused() public {
        Header memory h;
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(h, RELAYER, 1, new bytes32[](0));
    }

    function test_claimUnderAPendingRootIsRefused() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        bytes32[] memory proof = Tree.proof(payouts, 2);
        Header memory before = head;
        Header memory h = next();
        h.payouts = payouts[0];
        post(h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 2));
        vault.claim(h, accounts[2], sums[2], proof);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 2));
        vault.claimMany(h, accounts, sums, new bytes32[](0), allKnown(5));
        vault.claim(before, accounts[2], sums[2], proof); // the one in force pays
        vm.assertEq(token.balanceOf(accounts[2]), sums[2], "paid");
    }

    function test_claimWithAnotherPersonsProofIsRefused() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        bytes32[] memory proof = Tree.proof(payouts, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, accounts[3], sums[3], proof);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, accounts[3], sums[2], proof);
    }

    function test_claimChangedInAnyPartIsRefused() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        bytes32[] memory proof = Tree.proof(payouts, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, accounts[2], sums[2] + 1, proof);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, RELAYER, sums[2], proof);
        proof[1] ^= bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, accounts[2], sums[2], proof);
    }

    function test_rootThatSumsToMoreThanItsTotalPaysNoMore() public {
        deposit(1000);
        (address[] memory accounts, uint256[] memory sums) = drawn(3, 1); // 100, 200, 300 and a bit
        bytes32[] memory all = Tree.nodes(accounts, sums);
        Header memory h = next();
        uint256 kept = sums[0] + sums[1];
        (h.payouts, h.total, h.spent) = (all[0], kept, 1000);
        post(h);
        delayPasses();
        vault.claim(h, accounts[0], sums[0], Tree.proof(all, 0));
        vault.claim(h, accounts[1], sums[1], Tree.proof(all, 1));
        bytes32[] memory proof = Tree.proof(all, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultOverpaid.selector, kept + sums[2], kept));
        vault.claim(h, accounts[2], sums[2], proof);
    }

    function test_claimCannotBeMadeAgainByAHook() public {
        HookToken hook = new HookToken();
        vault = new Vault(Vault.Terms(hook, POSTER, address(0), 0, 0, 3, 0));
        hook.approve(address(vault), type(uint256).max);
        vault.deposit(address(this), REF, 100);
        Header memory h = next();
        (h.payouts, h.total, h.spent) = (Tree.leaf(bytes32(uint256(uint160(RELAYER))), 40), 40, 40);
        post(h);
        hook.arm(address(vault), abi.encodeCall(Vault.claim, (h, RELAYER, 40, new bytes32[](0))));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        vault.claim(h, RELAYER, 40, new bytes32[](0));
    }

    function test_claimManyPassesOverWhoIsPaid() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(4, 1);
        vault.claim(head, accounts[1], sums[1], Tree.proof(payouts, 1));
        bool[] memory flags = allKnown(4);
        vault.claimMany(head, accounts, sums, new bytes32[](0), flags);
        vm.assertEq(vault.claimedOf(accounts), sums, "claimed");
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(token.balanceOf(accounts[i]), sums[i], "paid");
        }
        vault.claimMany(head, accounts, sums, new bytes32[](0), flags); // again: nothing is owed, nothing is paid
        vm.assertEq(vault.paid(), total(sums), "counted once");
    }

    function test_claimManyRefusesBadBatches() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(4, 1);
        bool[] memory flags = allKnown(4);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 0, 0));
        vault.claimMany(head, new address[](0), new uint256[](0), new bytes32[](0), new bool[](0));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 4, 3));
        vault.claimMany(head, accounts, new uint256[](3), new bytes32[](0), flags);
        sums[2] += 1;
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claimMany(head, accounts, sums, new bytes32[](0), flags);
        vm.expectRevert(); // OpenZeppelin's own, for proofs whose parts do not fit together
        vault.claimMany(head, accounts, sums, new bytes32[](0), new bool[](2));
    }

    /// @dev A root alone must not count as a proof of nothing that pays somebody.
    function test_claimManyOfTheRootAloneIsRefused() public {
        epochOf(4, 1);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = payouts[0];
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 0, 0));
        vault.claimMany(head, new address[](0), new uint256[](0), proof, new bool[](0));
    }

    /// @dev A leaf of one tree is nothing in the other, though both hash two words.
    function test_claimOfASpendingLeafIsRefused() public {
        epochOf(4, 1);
        address account = address(uint160(uint256(vault.accountOf(REQUESTER, REF))));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, account, head.spent, new bytes32[](0));
    }

    // Fuzz

    /// @dev Any leaf of any tree is paid once, to the account in it, and by nobody's leave.
    function testFuzz_claim(uint8 size, uint8 index, uint64 seed, address caller) public {
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(index) % n;
        (address[] memory accounts, uint256[] memory sums) = epochOf(n, uint256(seed) + 1);
        bytes32[] memory proof = Tree.proof(payouts, i);
        vm.prank(caller);
        vault.claim(head, accounts[i], sums[i], proof);
        vm.assertEq(token.balanceOf(accounts[i]), sums[i], "paid");
        vm.assertEq(token.balanceOf(address(vault)), vault.deposited() + vault.bonds() - sums[i], "left");
    }

    /// @dev No sum but the leaf's own can be claimed, and no account but the leaf's own.
    function testFuzz_forgedClaim(uint8 size, uint8 index, uint256 sum, address account) public {
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(index) % n;
        (address[] memory accounts, uint256[] memory sums) = epochOf(n, 1);
        vm.assume(sum != sums[i] || account != accounts[i]);
        bytes32[] memory proof = Tree.proof(payouts, i);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(head, account, sum, proof);
    }

    /// @dev Deposits and sums are kept to the unit, within what the counters hold.
    function testFuzz_sums(uint128 amount, uint256 sum, uint256 spent) public {
        vm.assume(amount > 0 && amount <= type(uint128).max - 2 * BOND);
        token.mint(REQUESTER, amount);
        deposit(amount);
        Header memory h = next();
        (h.total, h.spent) = (sum, spent);
        if (sum > spent) {
            expectPostRevert(abi.encodeWithSelector(Vault.VaultOverspent.selector, sum, spent), h);
        } else if (spent > amount) {
            expectPostRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, spent, amount), h);
        } else {
            post(h);
            delayPasses();
            checkEffective(1, keccak256(abi.encode(h)));
        }
    }

    /// @dev A header that differs anywhere from the one in force is not in force.
    function testFuzz_changedHeader(uint8 word, uint256 flip) public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(3, 1);
        uint256[9] memory words = abi.decode(abi.encode(head), (uint256[9]));
        uint256 w = word % 9;
        uint256 bits = w == 0 || w == 6 || w == 8 ? flip & type(uint64).max : flip;
        vm.assume(bits != 0);
        words[w] ^= bits;
        Header memory h = abi.decode(abi.encode(words), (Header));
        bytes32[] memory proof = Tree.proof(payouts, 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, h.epoch));
        vault.claim(h, accounts[0], sums[0], proof);
    }

    // Helpers

    function permit(uint256 amount) private returns (address owner, uint256 deadline, uint8 v, bytes32 r, bytes32 s) {
        owner = vm.addr(77);
        token.mint(owner, amount);
        deadline = now_() + 1;
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 what = keccak256(abi.encode(kind, owner, address(vault), amount, 0, deadline));
        (v, r, s) = vm.sign(77, keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), what)));
    }

    function expectBadTerms(Vault.Terms memory t) private {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadTerms.selector));
        new Vault(t);
    }

    function withEpoch(Header memory h, uint64 epoch) private pure returns (Header memory other) {
        other = abi.decode(abi.encode(h), (Header));
        other.epoch = epoch;
    }
}

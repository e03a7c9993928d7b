// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";

/// @dev How one poster follows another.
contract PosterTest is Fixture {
    address private constant HEIR = address(0x4E14);

    function test_thePosterHandsItsPlaceOver() public {
        offer(HEIR);
        vm.assertEq(vault.poster(), POSTER, "an offer changes nothing");
        post(next());
        delayPasses();
        vm.expectEmit(true, true, true, true);
        emit Vault.PosterChanged(POSTER, HEIR);
        vm.prank(HEIR);
        vault.acceptPoster();
        vm.assertEq(vault.offered(), address(0), "used up");
        (Header memory before, Header memory h) = (inForce(), next());
        expectPostRevert(abi.encodeWithSelector(Vault.VaultNotPoster.selector, POSTER), h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBondTooSmall.selector, BOND, 0));
        vm.prank(HEIR);
        vault.postRoot(before, h);
        token.mint(HEIR, BOND);
        approve(HEIR);
        vm.prank(HEIR);
        vault.putBond(BOND);
        vm.prank(HEIR);
        vault.postRoot(before, h);
        vm.prank(POSTER);
        vault.takeBond(BOND); // is at stake no more
    }

    function test_onlyThePosterOffersAndOnlyTheOfferedAccepts() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPoster.selector, HEIR));
        vm.prank(HEIR);
        vault.offerPoster(HEIR);
        expectNotOffered(HEIR);
        offer(HEIR);
        expectNotOffered(RELAYER);
        offer(address(0)); // taken back
        expectNotOffered(HEIR);
        offer(COURT); // nobody decides about its own roots
        expectNotOffered(COURT);
    }

    /// @dev Else the bond that the pending root has at stake would be another's.
    function test_thePlaceIsNotHandedOverUnderAPendingRoot() public {
        offer(HEIR);
        Header memory h = next();
        post(h);
        expectPending();
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        expectPending();
        vm.warp(now_() + JUDGEMENT);
        vm.prank(HEIR);
        vault.acceptPoster();
        vm.assertEq(vault.poster(), HEIR, "poster");
    }

    function test_theAdjudicatorReplacesASilentPoster() public {
        post(next());
        uint256 until = now_() + NOTICE;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultTooEarly.selector, until));
        vm.prank(COURT);
        vault.recoverPoster(HEIR);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotAdjudicator.selector, HEIR));
        vm.prank(HEIR);
        vault.recoverPoster(HEIR);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, address(0)));
        vm.prank(COURT);
        vault.recoverPoster(address(0));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, COURT));
        vm.prank(COURT);
        vault.recoverPoster(COURT);
        vm.expectEmit(true, true, true, true);
        emit Vault.PosterChanged(POSTER, HEIR);
        vm.prank(COURT);
        vault.recoverPoster(HEIR);
        vm.assertEq(vault.poster(), HEIR, "poster");
    }

    function test_aPosterThatNeverPostedIsReplacedToo() public {
        vm.warp(now_() + NOTICE);
        vm.prank(COURT);
        vault.recoverPoster(HEIR);
        vm.assertEq(vault.poster(), HEIR, "poster");
    }

    function test_anOfferOfTheOldPosterEndsWithIt() public {
        offer(RELAYER);
        vm.warp(now_() + NOTICE);
        vm.prank(COURT);
        vault.recoverPoster(HEIR);
        expectNotOffered(RELAYER);
    }

    function offer(address next_) private {
        vm.prank(POSTER);
        vault.offerPoster(next_);
    }

    function expectNotOffered(address who) private {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, who));
        vm.prank(who);
        vault.acceptPoster();
    }

    function expectPending() private {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, 1));
        vm.prank(HEIR);
        vault.acceptPoster();
    }
}

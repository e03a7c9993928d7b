// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Stake} from "../src/Stake.sol";
import {TestToken} from "../src/TestToken.sol";
import {Cheats} from "./Cheats.sol";
import {FeeToken, HookToken} from "./Tokens.sol";

contract StakeTest is Cheats {
    address private constant COURT = address(0xC0047);
    address private constant OPERATOR = address(0x09E4);
    address private constant NODE = address(0x40DE);
    address private constant HARMED = address(0x4A43ED);
    address private constant HONEST = address(0x4045);
    bytes32 private constant EVIDENCE = keccak256("what was done");
    uint64 private constant DELAY = 14 days;
    uint64 private constant CASE_TIME = 7 days;
    uint256 private constant START = 1_800_000_000;

    TestToken private token;
    Stake private stake;

    function setUp() public {
        vm.warp(START);
        token = new TestToken(address(this));
        stake = new Stake(token, COURT, OPERATOR, DELAY, CASE_TIME, 300_000);
        token.mint(NODE, 5000);
        vm.prank(NODE);
        token.approve(address(stake), type(uint256).max);
        vm.prank(NODE);
        stake.lock(1000);
    }

    function test_termsThatContradictOneAnotherAreRefused() public {
        bytes memory why = abi.encodeWithSelector(Stake.StakeBadTerms.selector);
        vm.expectRevert(why);
        new Stake(IERC20(address(0)), COURT, OPERATOR, DELAY, CASE_TIME, 1);
        vm.expectRevert(why);
        new Stake(token, address(0), OPERATOR, DELAY, CASE_TIME, 1);
        vm.expectRevert(why);
        new Stake(token, COURT, address(0), DELAY, CASE_TIME, 1);
        vm.expectRevert(why);
        new Stake(token, COURT, OPERATOR, CASE_TIME - 1, CASE_TIME, 1);
        vm.expectRevert(why);
        new Stake(token, COURT, OPERATOR, DELAY, 0, 1);
        vm.expectRevert(why);
        new Stake(token, COURT, OPERATOR, DELAY, CASE_TIME, 0);
        vm.expectRevert(why);
        new Stake(token, COURT, OPERATOR, DELAY, CASE_TIME, 1_000_001);
    }

    // Locking

    function test_whatIsLockedComesBackAfterTheDelay() public {
        check(1000, 0, 0, 0);
        request(400);
        check(1000, 400, START + DELAY, 0);
        vm.warp(START + DELAY - 1);
        expectUnlock(abi.encodeWithSelector(Stake.StakeTooEarly.selector, START + DELAY));
        vm.warp(START + DELAY);
        unlock();
        check(600, 0, START + DELAY, 0);
        vm.assertEq(token.balanceOf(NODE), 4400, "back");
        vm.assertEq(stake.total(), 600, "total");
        expectUnlock(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, 600)); // once
    }

    function test_askingForMoreStartsTheDelayAgain() public {
        request(400);
        vm.warp(START + 1 days);
        request(100);
        check(1000, 500, START + 1 days + DELAY, 0);
        vm.warp(START + DELAY);
        expectUnlock(abi.encodeWithSelector(Stake.StakeTooEarly.selector, START + 1 days + DELAY));
    }

    function test_noMoreIsAskedBackThanIsThere() public {
        request(400);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 601, 600));
        request(601);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, 600));
        request(0);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, type(uint128).max - 1000));
        vm.prank(NODE);
        stake.lock(0);
    }

    function test_aTokenWithAFeeIsRefused() public {
        FeeToken fee = new FeeToken();
        Stake other = new Stake(fee, COURT, OPERATOR, DELAY, CASE_TIME, 1);
        fee.approve(address(other), 1000);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeFeeToken.selector, 1000, 990));
        other.lock(1000);
    }

    function test_aHookCannotUnlockTwice() public {
        HookToken hook = new HookToken();
        Stake other = new Stake(hook, COURT, OPERATOR, DELAY, CASE_TIME, 1);
        hook.approve(address(other), 1000);
        other.lock(1000);
        other.requestUnlock(1000);
        vm.warp(START + DELAY);
        hook.arm(address(other), abi.encodeCall(Stake.unlock, ()));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        other.unlock();
    }

    // Cases

    /// @dev The race that matters: the money was asked back, the delay is over, and a case comes first.
    function test_nothingIsUnlockedDuringACase() public {
        request(1000);
        vm.warp(START + DELAY);
        uint256 id = open();
        expectUnlock(abi.encodeWithSelector(Stake.StakeFrozen.selector, id));
        slash(id, 300);
        unlock(); // what is left
        vm.assertEq(token.balanceOf(NODE), 4700, "the rest");
        check(0, 0, START + DELAY, 0);
    }

    function test_aSlashedStakeGoesToTheHarmedAndTheHonest() public {
        uint256 id = open();
        vm.expectEmit(true, true, true, true);
        emit Stake.StakeAwarded(id, HARMED, 200);
        vm.expectEmit(true, true, true, true);
        emit Stake.StakeAwarded(id, HONEST, 100);
        vm.expectEmit(true, true, true, true);
        emit Stake.StakeSlashed(id, NODE, 300, EVIDENCE);
        slash(id, 300);
        check(700, 0, 0, 0);
        vm.prank(HARMED);
        stake.collect();
        vm.assertEq(token.balanceOf(HARMED), 200, "the harmed");
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, 0));
        vm.prank(HARMED);
        stake.collect(); // once
        vm.assertEq(token.balanceOf(address(stake)), 800, "the rest and the honest one's part");
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNoCase.selector, id));
        slash(id, 1); // once
    }

    function test_aCaseTakesNoMoreThanItsCap() public {
        uint256 id = open();
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 301, 300));
        slash(id, 301);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, 300));
        slash(id, 0);
        vm.prank(NODE);
        stake.lock(1000); // what is locked later is not in this case
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 301, 300));
        slash(id, 301);
        slash(id, 300);
    }

    function test_whatWasAskedBackIsNeverMoreThanIsLeft() public {
        request(900);
        slash(open(), 300);
        check(700, 700, START + DELAY, 0);
    }

    function test_operatorCourtAndStakerGetNothing() public {
        uint256 id = open();
        expectBadRecipient(id, OPERATOR);
        expectBadRecipient(id, COURT);
        expectBadRecipient(id, NODE);
        expectBadRecipient(id, address(stake));
        expectBadRecipient(id, address(0));
    }

    function test_sharesAddUpToTheAmount() public {
        uint256 id = open();
        (address[] memory to, uint256[] memory shares) = awards(300);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadShares.selector, 300, 299));
        vm.prank(COURT);
        stake.slash(id, 299, EVIDENCE, to, shares);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadShares.selector, 1, 2));
        vm.prank(COURT);
        stake.slash(id, 300, EVIDENCE, to, new uint256[](1));
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadShares.selector, 0, 300));
        vm.prank(COURT);
        stake.slash(id, 300, EVIDENCE, new address[](0), new uint256[](0));
    }

    function test_aCaseEndsByItself() public {
        request(1000);
        vm.warp(START + DELAY - 1);
        uint256 id = open();
        uint256 until = START + DELAY - 1 + CASE_TIME;
        vm.warp(until - 1);
        expectUnlock(abi.encodeWithSelector(Stake.StakeFrozen.selector, id));
        vm.warp(until);
        (address staker, uint64 ends, uint256 most, bool isOpen) = stake.caseOf(id);
        vm.assertEq(staker, NODE, "staker");
        vm.assertEq(ends, until, "until");
        vm.assertEq(most, 300, "most");
        vm.assertEq(isOpen ? 1 : 0, 0, "over");
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNoCase.selector, id));
        slash(id, 1);
        unlock();
    }

    function test_aDismissedCaseFreesTheStake() public {
        request(1000);
        vm.warp(START + DELAY);
        uint256 id = open();
        vm.prank(COURT);
        stake.dismiss(id);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNoCase.selector, id));
        vm.prank(COURT);
        stake.dismiss(id);
        unlock();
    }

    function test_oneCaseAtATimeAndAgainstStakersOnly() public {
        uint256 id = open();
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeFrozen.selector, id));
        open();
        check(1000, 0, 0, id);
        slash(id, 300);
        vm.assertEq(open(), id + 1, "the next");
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, 0, 0));
        vm.prank(COURT);
        stake.openCase(HARMED, EVIDENCE);
    }

    function test_theCourtAloneHoldsCases() public {
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNotCourt.selector, OPERATOR));
        vm.prank(OPERATOR);
        stake.openCase(NODE, EVIDENCE);
        uint256 id = open();
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNotCourt.selector, OPERATOR));
        vm.prank(OPERATOR);
        stake.dismiss(id);
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeNotCourt.selector, OPERATOR));
        vm.prank(OPERATOR);
        stake.slash(id, 1, EVIDENCE, new address[](0), new uint256[](0));
    }

    // Helpers

    function request(uint256 amount) private {
        vm.prank(NODE);
        stake.requestUnlock(amount);
    }

    function unlock() private {
        vm.prank(NODE);
        stake.unlock();
    }

    function expectUnlock(bytes memory why) private {
        vm.expectRevert(why);
        unlock();
    }

    function open() private returns (uint256) {
        vm.prank(COURT);
        return stake.openCase(NODE, EVIDENCE);
    }

    function awards(uint256 amount) private pure returns (address[] memory to, uint256[] memory shares) {
        (to, shares) = (new address[](2), new uint256[](2));
        (to[0], to[1]) = (HARMED, HONEST);
        (shares[0], shares[1]) = (amount - amount / 3, amount / 3);
    }

    function slash(uint256 id, uint256 amount) private {
        (address[] memory to, uint256[] memory shares) = awards(amount);
        vm.prank(COURT);
        stake.slash(id, amount, EVIDENCE, to, shares);
    }

    function expectBadRecipient(uint256 id, address who) private {
        (address[] memory to, uint256[] memory shares) = awards(300);
        to[1] = who;
        vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadRecipient.selector, who));
        vm.prank(COURT);
        stake.slash(id, 300, EVIDENCE, to, shares);
    }

    function check(uint256 staked, uint256 asked, uint256 readyAt, uint256 open_) private view {
        (uint256 s, uint256 a, uint64 r, uint256 o) = stake.stakeOf(NODE);
        vm.assertEq(s, staked, "staked");
        vm.assertEq(a, asked, "asked back");
        vm.assertEq(r, readyAt, "ready at");
        vm.assertEq(o, open_, "open case");
    }
}

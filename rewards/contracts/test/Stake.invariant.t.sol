// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Stake} from "../src/Stake.sol";
import {TestToken} from "../src/TestToken.sol";
import {Cheats} from "./Cheats.sol";

/// @dev Drives stakes through random histories of locking, asking back, cases and awards, and keeps its own books. It also
/// tries what must be refused.
contract Trials is Cheats {
    uint256 public constant NODES = 3;
    uint256 public constant HARMED = 2;
    uint64 private constant DELAY = 14 days;
    uint64 private constant CASE_TIME = 7 days;

    address private constant COURT = address(0xC0047);
    TestToken public immutable token;
    Stake public immutable stake;

    uint256[] public staked; // by our books
    uint256[] public asked;
    uint256[] private readyAt;
    uint256[] private openUntil; // zero when no case is open
    uint256[] private most;
    uint256[] private cases;
    uint256 public minted;
    uint256 public unclaimed;

    constructor() {
        vm.warp(1_800_000_000);
        token = new TestToken(address(this));
        stake = new Stake(token, COURT, address(0x09E4), DELAY, CASE_TIME, 400_000);
        for (uint256 i = 0; i < NODES; ++i) {
            staked.push(0);
            asked.push(0);
            readyAt.push(0);
            openUntil.push(0);
            most.push(0);
            cases.push(0);
            vm.prank(node(i));
            token.approve(address(stake), type(uint256).max);
        }
    }

    function lock(uint8 who, uint64 amount) external {
        uint256 n = who % NODES;
        uint256 sum = uint256(amount) + 1;
        token.mint(node(n), sum);
        minted += sum;
        vm.prank(node(n));
        stake.lock(sum);
        staked[n] += sum;
    }

    function request(uint8 who, uint64 amount) external {
        uint256 n = who % NODES;
        uint256 can = staked[n] - asked[n];
        bool bad = amount == 0 || amount > can;
        if (bad) vm.expectRevert(abi.encodeWithSelector(Stake.StakeBadAmount.selector, amount, can));
        vm.prank(node(n));
        stake.requestUnlock(amount);
        if (bad) return;
        asked[n] += amount;
        readyAt[n] = this.clock() + DELAY;
    }

    function unlock(uint8 who) external {
        uint256 n = who % NODES;
        bool refused = asked[n] == 0 || this.clock() < readyAt[n] || isOpen(n);
        if (refused) vm.expectRevert();
        vm.prank(node(n));
        stake.unlock();
        if (refused) return;
        staked[n] -= asked[n];
        asked[n] = 0;
    }

    function open(uint8 who) external {
        uint256 n = who % NODES;
        bool refused = staked[n] == 0 || isOpen(n);
        if (refused) vm.expectRevert();
        vm.prank(COURT);
        uint256 id = stake.openCase(node(n), bytes32(0));
        if (refused) return;
        (cases[n], openUntil[n], most[n]) = (id, this.clock() + CASE_TIME, staked[n] * 4 / 10);
    }

    function slash(uint8 who, uint64 amount, uint8 part) external {
        uint256 n = who % NODES;
        if (cases[n] == 0) return;
        (address[] memory to, uint256[] memory shares) = (new address[](HARMED), new uint256[](HARMED));
        (to[0], to[1]) = (harmed(0), harmed(1));
        shares[0] = uint256(amount) * part / 255;
        shares[1] = amount - shares[0];
        bool refused = amount == 0 || amount > most[n] || !isOpen(n);
        if (refused) vm.expectRevert();
        vm.prank(COURT);
        stake.slash(cases[n], amount, bytes32(0), to, shares);
        if (refused) return;
        staked[n] -= amount;
        if (asked[n] > staked[n]) asked[n] = staked[n];
        openUntil[n] = 0;
        unclaimed += amount;
    }

    function dismiss(uint8 who) external {
        uint256 n = who % NODES;
        bool refused = !isOpen(n);
        if (refused) vm.expectRevert();
        vm.prank(COURT);
        stake.dismiss(cases[n]);
        openUntil[n] = 0;
    }

    function collect(uint8 who) external {
        address to = harmed(who % HARMED);
        uint256 before = token.balanceOf(to);
        uint256 due = stake.owed(to);
        if (due == 0) vm.expectRevert();
        vm.prank(to);
        stake.collect();
        unclaimed -= due;
        vm.assertEq(token.balanceOf(to), before + due, "collected");
    }

    function timePasses(uint16 minutes_) external {
        vm.warp(this.clock() + uint256(minutes_) * 1 minutes / 4);
    }

    /// @dev Without the court, everybody gets everything back.
    function everybodyLeaves() external {
        for (uint256 n = 0; n < NODES; ++n) {
            if (staked[n] > asked[n]) {
                uint256 rest = staked[n] - asked[n];
                vm.prank(node(n));
                stake.requestUnlock(rest);
            }
        }
        vm.warp(this.clock() + DELAY);
        for (uint256 n = 0; n < NODES; ++n) {
            if (staked[n] == 0) continue;
            vm.prank(node(n));
            stake.unlock();
        }
        vm.assertEq(token.balanceOf(address(stake)), unclaimed, "only what was awarded is left");
    }

    function node(uint256 i) public pure returns (address) {
        return address(uint160(0x3000 + i));
    }

    function harmed(uint256 i) public pure returns (address) {
        return address(uint160(0x4000 + i));
    }

    function clock() external view returns (uint256) {
        return block.timestamp;
    }

    function isOpen(uint256 n) private view returns (bool) {
        return this.clock() < openUntil[n];
    }
}

contract StakeInvariants is Cheats {
    /// @dev What forge asks for by this name.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Trials private trials;

    function setUp() public {
        trials = new Trials();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(trials);
    }

    function excludeSelectors() public view returns (FuzzSelector[] memory selectors) {
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(trials), new bytes4[](1));
        selectors[0].selectors[0] = Trials.everybodyLeaves.selector;
    }

    /// @dev No stake is under zero, none is worth more or less than our books say, and the contract holds it all.
    function invariant_stakes() public view {
        Stake stake = trials.stake();
        uint256 sum = 0;
        for (uint256 i = 0; i < trials.NODES(); ++i) {
            (uint256 staked, uint256 asked,,) = stake.stakeOf(trials.node(i));
            vm.assertEq(staked, trials.staked(i), "staked");
            vm.assertEq(asked, trials.asked(i), "asked back");
            vm.assertLe(asked, staked, "asked back and staked");
            sum += staked;
        }
        vm.assertEq(stake.total(), sum, "total");
        uint256 owed = stake.owed(trials.harmed(0)) + stake.owed(trials.harmed(1));
        vm.assertEq(owed, trials.unclaimed(), "awarded");
        vm.assertEq(trials.token().balanceOf(address(stake)), sum + owed, "held");
    }

    /// @dev After each history, whatever state it left behind.
    function afterInvariant() public {
        trials.everybodyLeaves();
    }
}

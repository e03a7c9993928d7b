// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Header} from "../src/Header.sol";
import {Stake} from "../src/Stake.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {HookToken} from "./Tokens.sol";
import {Tree} from "./Tree.sol";

/// @dev A token that calls back while it is transferred. Whatever moves tokens is entered from whatever moves tokens, and is
/// refused.
contract ReentryTest is Fixture {
    HookToken private hook;
    bytes32[] private none;

    function setUp() public override {
        super.setUp();
        hook = new HookToken();
    }

    function test_nothingOfTheVaultIsEnteredFromWithin() public {
        vault = new Vault(Vault.Terms(hook, address(this), address(0), 0, 0, 3, 0));
        hook.approve(address(vault), type(uint256).max);
        vault.deposit(address(this), REF, 100);
        vault.putBond(50);
        vm.roll(block.number + 1);
        Header memory h;
        (h.epoch, h.total, h.spent, h.through) = (1, 40, 40, uint64(block.number - 1));
        h.payouts = Tree.leaf(bytes32(uint256(uint160(RELAYER))), 40);
        h.spending = Tree.leaf(vault.accountOf(address(this), REF), 40);
        Header memory empty;
        vault.postRoot(empty, h);
        vault.giveNotice(REF);
        vm.warp(now_() + 3);

        (address[] memory accounts, uint256[] memory sums) = (new address[](1), new uint256[](1));
        (accounts[0], sums[0]) = (RELAYER, 40);
        bytes[] memory calls = new bytes[](7);
        calls[0] = abi.encodeCall(Vault.deposit, (address(this), REF, 10));
        calls[1] = abi.encodeCall(Vault.depositWithPermit, (address(this), REF, 10, 0, 0, "", ""));
        calls[2] = abi.encodeCall(Vault.putBond, (10));
        calls[3] = abi.encodeCall(Vault.takeBond, (10));
        calls[4] = abi.encodeCall(Vault.claim, (h, RELAYER, 40, none));
        calls[5] = abi.encodeCall(Vault.claimMany, (h, accounts, sums, none, new bool[](0)));
        calls[6] = abi.encodeCall(Vault.withdraw, (h, REF, 40, none, REQUESTER));
        enterEachFromEach(address(vault), calls);
    }

    function test_nothingOfTheStakeIsEnteredFromWithin() public {
        Stake stake = new Stake(hook, address(this), COURT, 2, 1, 1_000_000);
        hook.approve(address(stake), type(uint256).max);
        stake.lock(100);
        stake.requestUnlock(50);
        hook.transfer(RELAYER, 100);
        vm.startPrank(RELAYER);
        hook.approve(address(stake), 100);
        stake.lock(100);
        vm.stopPrank();
        uint256 id = stake.openCase(RELAYER, "");
        (address[] memory recipients, uint256[] memory shares) = (new address[](1), new uint256[](1));
        (recipients[0], shares[0]) = (REQUESTER, 30);
        stake.slash(id, 30, "", recipients, shares);
        vm.warp(now_() + 2);

        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(Stake.lock, (10));
        calls[1] = abi.encodeCall(Stake.unlock, ());
        enterEachFromEach(address(stake), calls);
        expectEntryRefused(address(stake), calls[0], abi.encodeCall(Stake.collect, ()), address(this));
        for (uint256 i = 0; i < calls.length; ++i) {
            expectEntryRefused(address(stake), abi.encodeCall(Stake.collect, ()), calls[i], REQUESTER);
        }
    }

    /// @dev The calls are of this contract, and each goes through without the hook.
    function enterEachFromEach(address target, bytes[] memory calls) private {
        for (uint256 outer = 0; outer < calls.length; ++outer) {
            uint256 before = vm.snapshotState();
            (bool ok,) = target.call(calls[outer]);
            vm.assertEq(ok ? 1 : 0, 1, "goes through by itself");
            vm.revertToState(before);
            for (uint256 inner = 0; inner < calls.length; ++inner) {
                expectEntryRefused(target, calls[outer], calls[inner], address(this));
            }
        }
    }

    function expectEntryRefused(address target, bytes memory outer, bytes memory inner, address who) private {
        uint256 before = vm.snapshotState();
        hook.arm(target, inner);
        vm.prank(who);
        (bool ok, bytes memory why) = target.call(outer);
        vm.assertEq(ok ? 1 : 0, 0, "refused");
        bytes memory want = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        vm.assertEq(keccak256(why), keccak256(want), "by the guard");
        vm.revertToState(before);
    }
}

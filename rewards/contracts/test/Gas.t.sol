// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev What each step costs as a transaction of its own, kept in snapshots/. Run with --isolate.
contract GasTest is Fixture {
    uint256 private constant PEOPLE = 500;
    uint256 private constant LEVELS = 8; // above the batch: 500 << 8 is more than 100,000 leaves

    address[] private accounts;
    bytes32[] private above;

    function setUp() public override {
        super.setUp();
        (accounts,) = drawn(PEOPLE, 1);
        for (uint256 i = 0; i < LEVELS; ++i) {
            above.push(keccak256(abi.encode("above", i)));
        }
    }

    function test_deposit() public {
        deposit(1 ether);
        vm.snapshotGasLastCall("Vault", "deposit, the vault's first");
        vm.roll(18);
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, keccak256("org_2"), 1 ether);
        vm.snapshotGasLastCall("Vault", "deposit, an account's first");
        deposit(1 ether);
        vm.snapshotGasLastCall("Vault", "deposit, later");
    }

    function test_roots() public {
        bigEpoch(1);
        vm.snapshotGasLastCall("Vault", "root, the vault's first");
        bigEpoch(2);
        vm.snapshotGasLastCall("Vault", "root, the vault's second");
        bigEpoch(3);
        vm.snapshotGasLastCall("Vault", "root and checkpoint, steady");
    }

    function test_claimAlone() public {
        for (uint256 factor = 1; factor < 3; ++factor) {
            uint256[] memory sums = bigEpoch(factor);
            delayPasses();
            bytes32[] memory low = Tree.proof(payouts, 7);
            bytes32[] memory proof = new bytes32[](low.length + LEVELS);
            for (uint256 i = 0; i < proof.length; ++i) {
                proof[i] = i < low.length ? low[i] : above[i - low.length];
            }
            vm.prank(RELAYER);
            vault.claim(head, accounts[7], sums[7], proof);
            vm.snapshotGasLastCall("Vault", factor == 1 ? "claim alone, first" : "claim alone, steady");
        }
    }

    function test_claimTogether() public {
        bool[] memory flags = new bool[](PEOPLE - 1 + LEVELS);
        for (uint256 i = 0; i < PEOPLE - 1; ++i) {
            flags[i] = true;
        }
        for (uint256 factor = 1; factor < 3; ++factor) {
            uint256[] memory sums = bigEpoch(factor);
            delayPasses();
            vm.prank(RELAYER);
            vault.claimMany(head, accounts, sums, above, flags);
            vm.snapshotGasLastCall(
                "Vault", factor == 1 ? "claim of 500 together, first" : "claim of 500 together, steady"
            );
        }
        vm.assertEq(vault.paid(), head.total - 1 ether, "everybody in the batch is paid");
    }

    function test_withdraw() public {
        epochOf(5, 1);
        deposit(10);
        vm.prank(REQUESTER);
        vault.giveNotice(REF);
        vm.snapshotGasLastCall("Vault", "notice");
        vm.warp(now_() + NOTICE);
        vm.prank(REQUESTER);
        vault.withdraw(head, REF, head.spent, Tree.proof(spending, 0), REQUESTER);
        vm.snapshotGasLastCall("Vault", "withdrawal");
    }

    /// @dev An epoch in whose tree the 500 accounts are one batch, and others share one ether.
    function bigEpoch(uint256 factor) private returns (uint256[] memory sums) {
        delayPasses();
        sums = new uint256[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            sums[i] = 3.6 ether * factor + i;
        }
        Header memory h = next();
        h.total = total(sums) + 1 ether;
        deposit(h.total - h.spent);
        vm.roll(block.number + 300);
        payouts = Tree.nodes(accounts, sums);
        h.payouts = payouts[0];
        for (uint256 i = 0; i < LEVELS; ++i) {
            (bytes32 a, bytes32 b) = (h.payouts, above[i]);
            h.payouts = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
        (h.spending, h.logRoot) = (keccak256(abi.encode("spending", factor)), keccak256(abi.encode("log", factor)));
        (h.spent, h.through, h.logSize) = (h.total, uint64(block.number - 1), uint64(1_000_000_000 * factor));
        post(h);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header, leafOf} from "../src/Header.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev The vectors that Go reads too.
contract VectorsTest is Fixture {
    function test_vectorsOfTheGoTreeAreAccepted() public {
        string memory json = vm.readFile("../merkle/testdata/vectors.json");
        uint256 count = 0;
        for (; vm.keyExistsJson(json, part(".vectors", count, "")); ++count) {
            setUp();
            checkTree(json, count);
        }
        vm.assertEq(count, 8, "vectors read");
    }

    function test_headersHashAsInGo() public view {
        string memory json = vm.readFile("../merkle/testdata/header.json");
        uint256 count = 0;
        for (; vm.keyExistsJson(json, part("", count, "")); ++count) {
            Header memory h = Header({
                epoch: uint64(vm.parseJsonUint(json, part("", count, ".epoch"))),
                payouts: vm.parseJsonBytes32(json, part("", count, ".payouts")),
                spending: vm.parseJsonBytes32(json, part("", count, ".spending")),
                verdicts: vm.parseJsonBytes32(json, part("", count, ".verdicts")),
                total: vm.parseJsonUint(json, part("", count, ".total")),
                spent: vm.parseJsonUint(json, part("", count, ".spent")),
                through: uint64(vm.parseJsonUint(json, part("", count, ".through"))),
                logRoot: vm.parseJsonBytes32(json, part("", count, ".logRoot")),
                logSize: uint64(vm.parseJsonUint(json, part("", count, ".logSize")))
            });
            bytes32 want = vm.parseJsonBytes32(json, part("", count, ".hash"));
            vm.assertEq(this.hash(h), want, "header");
        }
        vm.assertEq(count, 5, "headers read");
    }

    function test_spendingLeavesHashAsInGo() public view {
        string memory json = vm.readFile("../merkle/testdata/spending.json");
        (bytes32[] memory keys, uint256[] memory sums) = (new bytes32[](3), new uint256[](3));
        for (uint256 i = 0; i < 3; ++i) {
            address owner = address(uint160(uint256(vm.parseJsonUint(json, part(".leaves", i, ".owner")))));
            bytes32 ref = vm.parseJsonBytes32(json, part(".leaves", i, ".ref"));
            keys[i] = vault.accountOf(owner, ref);
            sums[i] = vm.parseJsonUint(json, part(".leaves", i, ".cumulative"));
            vm.assertEq(keys[i], vm.parseJsonBytes32(json, part(".leaves", i, ".account")), "account");
            vm.assertEq(leafOf(keys[i], sums[i]), vm.parseJsonBytes32(json, part(".leaves", i, ".leaf")), "leaf");
        }
        vm.assertEq(Tree.nodes(keys, sums)[0], vm.parseJsonBytes32(json, ".root"), "root");
    }

    function hash(Header calldata h) external pure returns (bytes32) {
        return h.hashOf();
    }

    function checkTree(string memory json, uint256 v) private {
        address[] memory accounts = vm.parseJsonAddressArray(json, part(".vectors", v, ".accounts"));
        uint256[] memory sums = vm.parseJsonUintArray(json, part(".vectors", v, ".sums"));
        uint256 sum = vm.parseJsonUint(json, part(".vectors", v, ".total"));
        Header memory h = next();
        h.payouts = vm.parseJsonBytes32(json, part(".vectors", v, ".root"));
        vm.assertEq(h.payouts, Tree.nodes(accounts, sums)[0], "root");
        vm.assertEq(sum, total(sums), "total");
        deposit(sum);
        (h.total, h.spent) = (sum, sum);
        post(h);
        delayPasses();

        claimTogether(json, v, accounts, sums);
        claimAlone(json, v, accounts, sums);
    }

    function claimTogether(string memory json, uint256 v, address[] memory accounts, uint256[] memory sums) private {
        uint256 lo = vm.parseJsonUint(json, part(".vectors", v, ".lo"));
        uint256 n = vm.parseJsonUint(json, part(".vectors", v, ".hiExclusive")) - lo;
        (address[] memory some, uint256[] memory theirs) = (new address[](n), new uint256[](n));
        for (uint256 i = 0; i < n; ++i) {
            (some[i], theirs[i]) = (accounts[lo + i], sums[lo + i]);
        }
        bytes32[] memory proof = vm.parseJsonBytes32Array(json, part(".vectors", v, ".multi"));
        bool[] memory flags = vm.parseJsonBoolArray(json, part(".vectors", v, ".flags"));
        vault.claimMany(head, some, theirs, proof, flags);
        vm.assertEq(vault.claimedOf(some), theirs, "claimed together");
    }

    function claimAlone(string memory json, uint256 v, address[] memory accounts, uint256[] memory sums) private {
        uint256 i = vm.parseJsonUint(json, part(".vectors", v, ".index"));
        bytes32[] memory proof = vm.parseJsonBytes32Array(json, part(".vectors", v, ".proof"));
        if (vault.claimed(accounts[i]) == sums[i]) {
            vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[i]));
        }
        vault.claim(head, accounts[i], sums[i], proof);
        vm.assertEq(token.balanceOf(accounts[i]), sums[i], "claimed alone");
    }

    function part(string memory list, uint256 v, string memory field) private pure returns (string memory) {
        return string.concat(bytes(list).length == 0 ? "$" : list, "[", vm.toString(v), "]", field);
    }
}

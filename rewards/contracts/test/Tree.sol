// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @dev A tree made on chain, for tests whose leaves are drawn at random. Its layout is that of package merkle: leaf i of
/// n stands at place 2n-2-i of an array with the root at 0.
library Tree {
    function leaf(bytes32 key, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(key, cumulative))));
    }

    function nodes(address[] memory accounts, uint256[] memory sums) internal pure returns (bytes32[] memory) {
        bytes32[] memory keys = new bytes32[](accounts.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = bytes32(uint256(uint160(accounts[i])));
        }
        return nodes(keys, sums);
    }

    function nodes(bytes32[] memory keys, uint256[] memory sums) internal pure returns (bytes32[] memory all) {
        uint256 n = keys.length;
        all = new bytes32[](2 * n - 1);
        for (uint256 i = 0; i < n; ++i) {
            all[2 * n - 2 - i] = leaf(keys[i], sums[i]);
        }
        for (uint256 i = n - 1; i > 0; --i) {
            (bytes32 a, bytes32 b) = (all[2 * i - 1], all[2 * i]);
            all[i - 1] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
    }

    function proof(bytes32[] memory all, uint256 i) internal pure returns (bytes32[] memory path) {
        uint256 place = all.length - 1 - i;
        uint256 depth = 0;
        for (uint256 up = place; up > 0; up = (up - 1) / 2) {
            ++depth;
        }
        path = new bytes32[](depth);
        for (uint256 d = 0; d < depth; ++d) {
            path[d] = all[place % 2 == 1 ? place + 1 : place - 1];
            place = (place - 1) / 2;
        }
    }
}

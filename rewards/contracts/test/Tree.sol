// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @dev A payout tree made on chain, for tests whose leaves are drawn at random. Its layout is that of package merkle:
/// leaf i of n stands at place 2n-2-i of an array with the root at 0.
library Tree {
    function leaf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }

    function nodes(address[] memory accounts, uint256[] memory sums) internal pure returns (bytes32[] memory all) {
        uint256 n = accounts.length;
        all = new bytes32[](2 * n - 1);
        for (uint256 i = 0; i < n; ++i) {
            all[2 * n - 2 - i] = leaf(accounts[i], sums[i]);
        }
        for (uint256 i = n - 1; i > 0; --i) {
            (bytes32 a, bytes32 b) = (all[2 * i - 1], all[2 * i]);
            all[i - 1] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
    }

    function proof(bytes32[] memory all, uint256 i) internal pure returns (bytes32[] memory path) {
        uint256 at = all.length - 1 - i;
        uint256 depth = 0;
        for (uint256 up = at; up > 0; up = (up - 1) / 2) {
            ++depth;
        }
        path = new bytes32[](depth);
        for (uint256 d = 0; d < depth; ++d) {
            path[d] = all[at % 2 == 1 ? at + 1 : at - 1];
            at = (at - 1) / 2;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What one epoch says: who may have been paid how much, what each requester has spent, which verdicts contracts
/// may fetch, and how far the public log was. The vault stores only its hash; whoever relies on a header passes it whole.
/// @dev Merkle roots follow OpenZeppelin's leaf rule, see {leafOf}.
/// @param epoch 1, 2, 3, ...
/// @param payouts root over (address account, uint256 cumulative), in base units of the token
/// @param spending root over (bytes32 account, uint256 cumulative): what each account of a requester has spent
/// @param verdicts root over the verdicts that contracts asked for and have not got; zero when there are none
/// @param total sum of the leaves of payouts
/// @param spent sum of the leaves of spending, not below total
/// @param through newest block whose deposits spending knows: each account that is not younger has a leaf, also of 0
/// @param logRoot RFC 6962 root of the public log (SHA-256); zero while there is none
/// @param logSize the log's number of leaves
struct Header {
    uint64 epoch;
    bytes32 payouts;
    bytes32 spending;
    bytes32 verdicts;
    uint256 total;
    uint256 spent;
    uint64 through;
    bytes32 logRoot;
    uint64 logSize;
}

using {hashOf} for Header global;

/// @dev keccak256(abi.encode(header)), which is what lies in the calldata. Words that no header has, with bits above their
/// type's, hash to what no vault has stored.
function hashOf(Header calldata header) pure returns (bytes32 hash) {
    assembly ("memory-safe") {
        let free := mload(0x40)
        calldatacopy(free, header, 0x120)
        hash := keccak256(free, 0x120)
    }
}

/// @dev keccak256(bytes.concat(keccak256(abi.encode(key, value)))): hashed twice, so that no inner node, which is also
/// two words, can pass for a leaf. Scratch space is free for this; a batch of claims hashes hundreds.
function leafOf(bytes32 key, uint256 value) pure returns (bytes32 leaf) {
    assembly ("memory-safe") {
        mstore(0x00, key)
        mstore(0x20, value)
        mstore(0x00, keccak256(0x00, 0x40))
        leaf := keccak256(0x00, 0x20)
    }
}

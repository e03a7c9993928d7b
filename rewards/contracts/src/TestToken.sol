// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The test token of TaskNet's dev chain
/// @notice An ERC-20 token with 18 decimals and permits (EIP-2612) that one account mints at will.
///
/// NOTE: for the dev chain only. Whoever holds the minter's key makes money.
contract TestToken is ERC20, ERC20Permit {
    /// @notice The only account that may mint, fixed at construction.
    address public immutable minter;

    /// @notice An account other than the minter tried to mint.
    error TestTokenNotMinter(address account);

    /// @param minter_ who may mint
    constructor(address minter_) ERC20("TaskNet test dollar", "tUSD") ERC20Permit("TaskNet test dollar") {
        minter = minter_;
    }

    /// @notice Makes `amount` new tokens for `to`.
    /// @param to who gets them
    /// @param amount in base units
    function mint(address to, uint256 amount) external {
        require(msg.sender == minter, TestTokenNotMinter(msg.sender));
        _mint(to, amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Keeps 1 % of every transfer.
contract FeeToken is ERC20("fee", "FEE") {
    constructor() {
        _mint(msg.sender, 1000);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 100);
    }
}

/// @dev Lowers balances on its own.
contract ShrinkingToken is ERC20("shrinking", "SHR") {
    constructor() {
        _mint(msg.sender, 1000);
    }

    function shrink(address holder, uint256 amount) external {
        _burn(holder, amount);
    }
}

/// @dev Makes one call of somebody's choice from inside every transfer that is not its own.
contract HookToken is ERC20("hook", "HOOK") {
    address private target;
    bytes private data;

    constructor() {
        _mint(msg.sender, 1000);
        _mint(address(this), 1000);
    }

    function arm(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
        _approve(address(this), target_, type(uint256).max);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (target != address(0) && from != address(this)) {
            (bool ok, bytes memory why) = target.call(data);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(why, 0x20), mload(why))
                }
            }
        }
        super._update(from, to, amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title What payouts are compared with: one transaction that transfers to many
/// @notice It keeps no books and proves nothing: whoever calls it decides alone who is paid what, and twice if they like.
contract Disperse {
    using SafeERC20 for IERC20;

    /// @notice Transfers `sums[i]` of the caller's token, who has approved it, to `people[i]`.
    /// @param token what is transferred
    /// @param people who are paid
    /// @param sums what each is paid, in base units
    function disperse(IERC20 token, address[] calldata people, uint256[] calldata sums) external {
        uint256 all = 0;
        for (uint256 i = 0; i < sums.length; ++i) {
            all += sums[i];
        }
        token.safeTransferFrom(msg.sender, address(this), all);
        for (uint256 i = 0; i < people.length; ++i) {
            token.safeTransfer(people[i], sums[i]);
        }
    }
}

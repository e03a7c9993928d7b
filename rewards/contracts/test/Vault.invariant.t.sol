// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TestToken} from "../src/TestToken.sol";
import {Vault} from "../src/Vault.sol";
import {Cheats} from "./Cheats.sol";
import {Tree} from "./Tree.sol";

/// @dev Drives a vault through random histories of deposits, epochs and claims, good and bad, and keeps its own books.
contract History is Cheats {
    uint256 public constant ACCOUNTS = 7;

    TestToken public immutable token;
    Vault public immutable vault;

    uint256 public deposited;
    address[] public accounts;
    uint256[] public owed; // may be above what the newest root says
    uint256[] private posted; // what the newest root says
    bytes32[] private all;

    constructor() {
        token = new TestToken(address(this));
        vault = new Vault(token, address(this));
        token.approve(address(vault), type(uint256).max);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            accounts.push(address(uint160(0x1000 + i * i)));
            owed.push(0);
        }
    }

    function deposit(uint96 amount) external {
        if (amount == 0) return;
        token.mint(address(this), amount);
        vault.deposit(keccak256("somebody"), amount);
        deposited += amount;
    }

    /// @dev Somebody earns part of what nobody has earned yet.
    function earn(uint8 who, uint96 amount) external {
        uint256 free = deposited - sum(owed);
        owed[who % ACCOUNTS] += free == 0 ? 0 : uint256(amount) % (free + 1);
    }

    function post() external {
        posted = owed;
        all = Tree.nodes(accounts, posted);
        vault.postRoot(vault.epoch() + 1, all[0], sum(posted));
    }

    function claim(uint8 who) external {
        if (all.length == 0) return;
        uint256 i = who % ACCOUNTS;
        uint256 before = vault.claimed(accounts[i]);
        bytes32[] memory proof = Tree.proof(all, i);
        if (posted[i] == before) {
            vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[i]));
        }
        vault.claim(accounts[i], posted[i], proof);
    }

    function claimAll() external {
        if (all.length == 0) return;
        bool[] memory flags = new bool[](ACCOUNTS - 1);
        for (uint256 i = 0; i < flags.length; ++i) {
            flags[i] = true;
        }
        vault.claimMany(accounts, posted, new bytes32[](0), flags);
    }

    function forge(uint8 who, uint96 more) external {
        if (all.length == 0 || more == 0) return;
        uint256 i = who % ACCOUNTS;
        bytes32[] memory proof = Tree.proof(all, i);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(accounts[i], posted[i] + more, proof);
    }

    function postedOf(uint256 i) external view returns (uint256) {
        return posted.length == 0 ? 0 : posted[i];
    }

    function sum(uint256[] memory sums) private pure returns (uint256 s) {
        for (uint256 i = 0; i < sums.length; ++i) {
            s += sums[i];
        }
    }
}

contract VaultInvariants is Cheats {
    History private history;

    function setUp() public {
        history = new History();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_moneyIsConserved() public view {
        Vault vault = history.vault();
        uint256 out = 0;
        for (uint256 i = 0; i < history.ACCOUNTS(); ++i) {
            out += history.token().balanceOf(history.accounts(i));
        }
        vm.assertEq(vault.deposited(), history.deposited(), "deposited");
        vm.assertEq(vault.paid(), out, "paid");
        vm.assertEq(history.token().balanceOf(address(vault)) + out, history.deposited(), "in and out");
    }

    function invariant_nothingIsPaidThatWasNotPromised() public view {
        Vault vault = history.vault();
        vm.assertLe(vault.paid(), vault.promised(), "paid and promised");
        vm.assertLe(vault.promised(), vault.deposited(), "promised and deposited");
    }

    function invariant_nobodyIsPaidTwice() public view {
        for (uint256 i = 0; i < history.ACCOUNTS(); ++i) {
            uint256 got = history.token().balanceOf(history.accounts(i));
            vm.assertEq(got, history.vault().claimed(history.accounts(i)), "paid and noted");
            vm.assertLe(got, history.postedOf(i), "paid and owed");
        }
    }
}

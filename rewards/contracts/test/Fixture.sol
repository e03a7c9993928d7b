// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Header} from "../src/Header.sol";
import {TestToken} from "../src/TestToken.sol";
import {Vault} from "../src/Vault.sol";
import {Cheats} from "./Cheats.sol";
import {Tree} from "./Tree.sol";

/// @dev A vault with real terms, a requester with money, and the poster's and a watcher's bonds.
abstract contract Fixture is Cheats {
    address internal constant POSTER = address(0xA11CE);
    address internal constant WATCHER = address(0x3A7C4);
    address internal constant COURT = address(0xC0047);
    address internal constant REQUESTER = address(0xB0B);
    address internal constant RELAYER = address(0xCAFE);
    bytes32 internal constant REF = keccak256("org_1");
    uint256 internal constant BOND = 1001; // odd, so that halves differ
    uint64 internal constant DELAY = 1 hours;
    uint64 internal constant JUDGEMENT = 2 days;
    uint64 internal constant NOTICE = 7 days;

    TestToken internal token;
    Vault internal vault;

    /// @dev The header posted last, and the trees under it.
    Header internal head;
    mapping(bytes32 headerHash => Header) private _posted;
    bytes32[] internal payouts;
    bytes32[] internal spending;

    function setUp() public virtual {
        vm.roll(17);
        vm.warp(1_800_000_000);
        token = new TestToken(address(this));
        vault = new Vault(terms(token));
        token.mint(REQUESTER, 1_000_000 ether);
        token.mint(POSTER, 10 * BOND);
        token.mint(WATCHER, 10 * BOND);
        approve(REQUESTER);
        approve(POSTER);
        approve(WATCHER);
        delete head;
        vm.prank(POSTER);
        vault.putBond(BOND);
        vm.prank(WATCHER);
        vault.putBond(BOND);
    }

    function terms(IERC20 money) internal pure returns (Vault.Terms memory) {
        return Vault.Terms(money, POSTER, COURT, DELAY, JUDGEMENT, NOTICE, BOND);
    }

    function approve(address who) internal {
        vm.prank(who);
        token.approve(address(vault), type(uint256).max);
    }

    function deposit(uint256 amount) internal {
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, REF, amount);
    }

    /// @dev A header for the next epoch that changes nothing; tests change it and post it.
    function next() internal view returns (Header memory h) {
        h = inForce();
        h.epoch += 1;
        (h.payouts, h.spending, h.through) = (bytes32(uint256(5)), bytes32(uint256(6)), head.through);
        (h.logRoot, h.logSize) = (head.logRoot, head.logSize);
    }

    /// @dev The header in force, empty before the first.
    function inForce() internal view returns (Header memory) {
        (, bytes32 headerHash) = vault.effective();
        return _posted[headerHash];
    }

    function post(Header memory h) internal {
        Header memory before = inForce();
        vm.prank(POSTER);
        vault.postRoot(before, h);
        head = h;
        _posted[keccak256(abi.encode(h))] = h;
    }

    function expectPostRevert(bytes memory why, Header memory h) internal {
        Header memory before = inForce();
        vm.expectRevert(why);
        vm.prank(POSTER);
        vault.postRoot(before, h);
    }

    function delayPasses() internal {
        vm.warp(now_() + DELAY);
    }

    /// @dev The time by a call, since the compiler takes block.timestamp for fixed within a function.
    function now_() internal view returns (uint256) {
        return this.clock();
    }

    function clock() external view returns (uint256) {
        return block.timestamp;
    }

    function checkEffective(uint64 epoch, bytes32 headerHash) internal view {
        (uint64 e, bytes32 h) = vault.effective();
        vm.assertEq(e, epoch, "epoch in force");
        vm.assertEq(h, headerHash, "hash in force");
    }

    function checkNoneInForce() internal view {
        Header memory empty;
        checkEffective(0, keccak256(abi.encode(empty)));
    }

    function checkPending(uint64 epoch, bytes32 headerHash, uint256 postedAt, uint8 state, address watcher)
        internal
        view
    {
        (uint64 e, bytes32 h, uint64 p, uint8 s, address w) = vault.pending();
        vm.assertEq(e, epoch, "pending epoch");
        vm.assertEq(h, headerHash, "pending hash");
        vm.assertEq(p, postedAt, "posted at");
        vm.assertEq(s, state, "state");
        vm.assertEq(w, watcher, "watcher");
    }

    function checkAccount(
        address owner,
        bytes32 ref,
        uint256 deposited,
        uint256 withdrawn,
        uint256 since,
        uint256 noticeAt
    ) internal view {
        (uint128 d, uint128 w, uint64 s, uint64 n) = vault.accountInfo(vault.accountOf(owner, ref));
        vm.assertEq(d, deposited, "account deposited");
        vm.assertEq(w, withdrawn, "account withdrawn");
        vm.assertEq(s, since, "account since");
        vm.assertEq(n, noticeAt, "account notice");
    }

    /// @dev The next epoch in force: n accounts, each with `factor` times its sum, all deposited and spent by REQUESTER.
    function epochOf(uint256 n, uint256 factor) internal returns (address[] memory accounts, uint256[] memory sums) {
        (accounts, sums) = drawn(n, factor);
        Header memory h = next();
        uint256 sum = total(sums);
        token.mint(REQUESTER, sum);
        if (sum > h.spent) deposit(sum - h.spent);
        vm.roll(block.number + 1);
        payouts = Tree.nodes(accounts, sums);
        (bytes32[] memory keys, uint256[] memory spent) = one(vault.accountOf(REQUESTER, REF), sum);
        spending = Tree.nodes(keys, spent);
        (h.payouts, h.total, h.spending, h.spent) = (payouts[0], sum, spending[0], sum);
        h.through = uint64(block.number - 1);
        post(h);
        delayPasses();
    }

    function one(bytes32 key, uint256 sum) internal pure returns (bytes32[] memory keys, uint256[] memory sums) {
        (keys, sums) = (new bytes32[](1), new uint256[](1));
        (keys[0], sums[0]) = (key, sum);
    }

    function drawn(uint256 n, uint256 factor) internal pure returns (address[] memory accounts, uint256[] memory sums) {
        (accounts, sums) = (new address[](n), new uint256[](n));
        for (uint256 i = 0; i < n; ++i) {
            accounts[i] = address(uint160(uint256(keccak256(abi.encode("account", i)))));
            sums[i] = ((i + 1) * 100 + i) * factor;
        }
    }

    function total(uint256[] memory sums) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < sums.length; ++i) {
            sum += sums[i];
        }
    }

    function allKnown(uint256 n) internal pure returns (bool[] memory flags) {
        flags = new bool[](n - 1);
        for (uint256 i = 0; i < flags.length; ++i) {
            flags[i] = true;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {TestToken} from "../src/TestToken.sol";
import {Vault} from "../src/Vault.sol";
import {Cheats} from "./Cheats.sol";
import {Tree} from "./Tree.sol";

contract VaultTest is Cheats {
    address private constant POSTER = address(0xA11CE);
    address private constant REQUESTER = address(0xB0B);
    address private constant RELAYER = address(0xCAFE);
    bytes32 private constant REF = keccak256("org_1");

    TestToken private token;
    Vault private vault;

    function setUp() public {
        vm.roll(17);
        token = new TestToken(address(this));
        vault = new Vault(token, POSTER);
        token.mint(REQUESTER, 1_000_000 ether);
        vm.prank(REQUESTER);
        token.approve(address(vault), type(uint256).max);
    }

    // Making

    function test_isMadeEmpty() public view {
        vm.assertEq(uint160(address(vault.token())), uint160(address(token)), "token");
        vm.assertEq(uint160(vault.poster()), uint160(POSTER), "poster");
        vm.assertEq(vault.firstBlock(), 17, "first block");
        vm.assertEq(uint256(vault.epoch()) + vault.promised() + vault.paid() + vault.deposited(), 0, "figures");
        vm.assertEq(vault.root(), bytes32(0), "root");
    }

    function test_tokenIsMintedByTheMinterOnly() public {
        vm.expectRevert(abi.encodeWithSelector(TestToken.TestTokenNotMinter.selector, RELAYER));
        vm.prank(RELAYER);
        token.mint(RELAYER, 1);
    }

    // Deposits

    function test_depositIsCountedAndTold() public {
        vm.expectEmit(true, true, true, true);
        emit Vault.Deposited(REF, REQUESTER, 7);
        deposit(7);
        deposit(11);
        vm.assertEq(vault.deposited(), 18, "deposited");
        vm.assertEq(token.balanceOf(address(vault)), 18, "balance");
    }

    function test_depositOfNothingIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 0));
        vm.prank(REQUESTER);
        vault.deposit(REF, 0);
    }

    function test_depositWithoutMoneyIsRefused() public {
        vm.prank(RELAYER);
        token.approve(address(vault), 5);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, RELAYER, 0, 5));
        vm.prank(RELAYER);
        vault.deposit(REF, 5);
    }

    function test_depositCountsWhatArrives() public {
        FeeToken fee = new FeeToken();
        Vault other = new Vault(fee, POSTER);
        fee.approve(address(other), 1000);
        vm.expectEmit(true, true, true, true);
        emit Vault.Deposited(REF, address(this), 990);
        other.deposit(REF, 1000);
        vm.assertEq(other.deposited(), 990, "deposited");
    }

    function test_depositCannotBeCountedTwiceByAHook() public {
        HookToken hook = new HookToken();
        Vault other = new Vault(hook, POSTER);
        hook.approve(address(other), type(uint256).max);
        hook.arm(other);
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        other.deposit(REF, 10);
    }

    function test_depositBeyondTheCounterIsRefused() public {
        uint256 most = type(uint128).max;
        token.mint(REQUESTER, most + 1);
        deposit(most);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAmount.selector, 1));
        vm.prank(REQUESTER);
        vault.deposit(REF, 1);
    }

    // Roots

    function test_rootIsPostedByThePosterOnly() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotPoster.selector, REQUESTER));
        vm.prank(REQUESTER);
        vault.postRoot(1, bytes32(uint256(1)), 0);
    }

    function test_rootsFollowOneAnother() public {
        deposit(100);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 1, 0), 0, 10);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 1, 2), 2, 10);
        vm.expectEmit(true, true, true, true);
        emit Vault.RootPosted(1, bytes32(uint256(5)), 10);
        post(1, bytes32(uint256(5)), 10);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultWrongEpoch.selector, 2, 1), 1, 10);
        post(2, bytes32(uint256(6)), 10);
        (uint64 epoch, bytes32 root, uint256 total_) = vault.newest();
        vm.assertEq(epoch, 2, "epoch");
        vm.assertEq(root, bytes32(uint256(6)), "root");
        vm.assertEq(total_, 10, "total");
    }

    function test_rootPromisesNoMoreThanWasDeposited() public {
        deposit(100);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 101, 100), 1, 101);
        post(1, bytes32(uint256(1)), 100);
    }

    function test_totalNeverShrinks() public {
        deposit(100);
        post(1, bytes32(uint256(1)), 60);
        expectPostRevert(abi.encodeWithSelector(Vault.VaultTotalShrinks.selector, 60, 59), 2, 59);
    }

    // Claims

    function test_claimPaysTheAccountOnce() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(5, 1);
        vm.prank(RELAYER);
        vault.claim(accounts[3], sums[3], Tree.proof(all, 3));
        vm.assertEq(token.balanceOf(accounts[3]), sums[3], "paid");
        vm.assertEq(vault.claimed(accounts[3]), sums[3], "claimed");
        vm.assertEq(vault.paid(), sums[3], "counted");
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[3]));
        vault.claim(accounts[3], sums[3], Tree.proof(all, 3));
    }

    function test_claimOfALaterEpochPaysTheDifference() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(5, 1);
        vault.claim(accounts[0], sums[0], Tree.proof(all, 0));
        (, uint256[] memory later, bytes32[] memory laterAll) = epochOf(5, 2);
        vault.claim(accounts[0], later[0], Tree.proof(laterAll, 0));
        vault.claim(accounts[1], later[1], Tree.proof(laterAll, 1));
        vm.assertEq(token.balanceOf(accounts[0]), later[0], "in two parts");
        vm.assertEq(token.balanceOf(accounts[1]), later[1], "at once");
    }

    function test_claimOfAnOlderEpochIsRefused() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(5, 1);
        epochOf(5, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(accounts[0], sums[0], Tree.proof(all, 0));
    }

    /// @dev A poster who lowers a sum takes nothing back, and the vault pays nothing for it.
    function test_claimOfALoweredSumPaysNothing() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(2, 1);
        vault.claim(accounts[0], sums[0], Tree.proof(all, 0));
        uint256 had = sums[0];
        (sums[0], sums[1]) = (had - 1, sums[1] + 1);
        all = Tree.nodes(accounts, sums);
        deposit(1);
        post(2, all[0], total(sums) + 1); // had is paid for good, so the root needs one more to pay the others
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[0]));
        vault.claim(accounts[0], sums[0], Tree.proof(all, 0));
        vault.claimMany(accounts, sums, new bytes32[](0), allKnown(2));
        vm.assertEq(vault.claimed(accounts[0]), had, "noted");
        vm.assertEq(token.balanceOf(accounts[0]), had, "kept");
    }

    function test_claimBeforeTheFirstRootIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(RELAYER, 1, new bytes32[](0));
    }

    function test_claimChangedInAnyPartIsRefused() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(5, 1);
        bytes32[] memory proof = Tree.proof(all, 2);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(accounts[2], sums[2] + 1, proof);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(RELAYER, sums[2], proof);
        proof[1] ^= bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(accounts[2], sums[2], proof);
    }

    function test_rootThatSumsToMoreThanItsTotalPaysNoMore() public {
        deposit(1000);
        (address[] memory accounts, uint256[] memory sums) = drawn(3, 1); // 100, 200, 300 and a bit
        bytes32[] memory all = Tree.nodes(accounts, sums);
        post(1, all[0], sums[0] + sums[1]);
        vault.claim(accounts[0], sums[0], Tree.proof(all, 0));
        vault.claim(accounts[1], sums[1], Tree.proof(all, 1));
        uint256 kept = sums[0] + sums[1];
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultOverpaid.selector, kept + sums[2], kept));
        vault.claim(accounts[2], sums[2], Tree.proof(all, 2));
    }

    function test_claimManyPassesOverWhoIsPaid() public {
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(4, 1);
        vault.claim(accounts[1], sums[1], Tree.proof(all, 1));
        bool[] memory flags = allKnown(4);
        vault.claimMany(accounts, sums, new bytes32[](0), flags);
        vm.assertEq(vault.claimedOf(accounts), sums, "claimed");
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(token.balanceOf(accounts[i]), sums[i], "paid");
        }
        vault.claimMany(accounts, sums, new bytes32[](0), flags); // again: nothing is owed, nothing is paid
        vm.assertEq(vault.paid(), total(sums), "counted once");
    }

    function test_claimManyRefusesBadBatches() public {
        (address[] memory accounts, uint256[] memory sums,) = epochOf(4, 1);
        bool[] memory flags = allKnown(4);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 0, 0));
        vault.claimMany(new address[](0), new uint256[](0), new bytes32[](0), new bool[](0));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 4, 3));
        vault.claimMany(accounts, new uint256[](3), new bytes32[](0), flags);
        sums[2] += 1;
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claimMany(accounts, sums, new bytes32[](0), flags);
        vm.expectRevert(); // OpenZeppelin's own, for proofs whose parts do not fit together
        vault.claimMany(accounts, sums, new bytes32[](0), new bool[](2));
    }

    /// @dev A root alone must not count as a proof of nothing that pays somebody.
    function test_claimManyOfTheRootAloneIsRefused() public {
        (,, bytes32[] memory all) = epochOf(4, 1);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = all[0];
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadBatch.selector, 0, 0));
        vault.claimMany(new address[](0), new uint256[](0), proof, new bool[](0));
    }

    // Vectors of package merkle

    function test_vectorsOfTheGoTreeAreAccepted() public {
        string memory json = vm.readFile("../merkle/testdata/vectors.json");
        uint256 count = 0;
        for (; vm.keyExistsJson(json, at(count, "")); ++count) {
            setUp();
            checkVector(json, count);
        }
        vm.assertEq(count, 8, "vectors read");
    }

    function checkVector(string memory json, uint256 v) private {
        address[] memory accounts = vm.parseJsonAddressArray(json, at(v, ".accounts"));
        uint256[] memory sums = vm.parseJsonUintArray(json, at(v, ".sums"));
        bytes32 root = vm.parseJsonBytes32(json, at(v, ".root"));
        uint256 sum = vm.parseJsonUint(json, at(v, ".total"));
        vm.assertEq(root, Tree.nodes(accounts, sums)[0], "root");
        vm.assertEq(sum, total(sums), "total");
        deposit(sum);
        post(1, root, sum);

        claimTogether(json, v, accounts, sums);
        claimAlone(json, v, accounts, sums);
    }

    function claimTogether(string memory json, uint256 v, address[] memory accounts, uint256[] memory sums) private {
        uint256 lo = vm.parseJsonUint(json, at(v, ".lo"));
        uint256 n = vm.parseJsonUint(json, at(v, ".hiExclusive")) - lo;
        (address[] memory some, uint256[] memory theirs) = (new address[](n), new uint256[](n));
        for (uint256 i = 0; i < n; ++i) {
            (some[i], theirs[i]) = (accounts[lo + i], sums[lo + i]);
        }
        bytes32[] memory proof = vm.parseJsonBytes32Array(json, at(v, ".multi"));
        bool[] memory flags = vm.parseJsonBoolArray(json, at(v, ".flags"));
        vault.claimMany(some, theirs, proof, flags);
        vm.assertEq(vault.claimedOf(some), theirs, "claimed together");
    }

    function claimAlone(string memory json, uint256 v, address[] memory accounts, uint256[] memory sums) private {
        uint256 i = vm.parseJsonUint(json, at(v, ".index"));
        bytes32[] memory proof = vm.parseJsonBytes32Array(json, at(v, ".proof"));
        if (vault.claimed(accounts[i]) == sums[i]) {
            vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, accounts[i]));
        }
        vault.claim(accounts[i], sums[i], proof);
        vm.assertEq(token.balanceOf(accounts[i]), sums[i], "claimed alone");
    }

    function at(uint256 v, string memory field) private pure returns (string memory) {
        return string.concat(".vectors[", vm.toString(v), "]", field);
    }

    // Fuzz

    /// @dev Any leaf of any tree is paid once, to the account in it, and by nobody's leave.
    function testFuzz_claim(uint8 size, uint8 index, uint64 seed, address caller) public {
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(index) % n;
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(n, uint256(seed) + 1);
        vm.prank(caller);
        vault.claim(accounts[i], sums[i], Tree.proof(all, i));
        vm.assertEq(token.balanceOf(accounts[i]), sums[i], "paid");
        vm.assertEq(token.balanceOf(address(vault)), vault.deposited() - sums[i], "left");
    }

    /// @dev No sum but the leaf's own can be claimed, and no account but the leaf's own.
    function testFuzz_forgedClaim(uint8 size, uint8 index, uint256 sum, address account) public {
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(index) % n;
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory all) = epochOf(n, 1);
        vm.assume(sum != sums[i] || account != accounts[i]);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(account, sum, Tree.proof(all, i));
    }

    /// @dev Deposits and totals are kept to the unit, within what the counter holds.
    function testFuzz_totals(uint128 amount, uint256 sum) public {
        vm.assume(amount > 0);
        token.mint(REQUESTER, amount);
        deposit(amount);
        if (sum > amount) {
            expectPostRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, sum, amount), 1, sum);
        } else {
            post(1, bytes32(uint256(1)), sum);
            vm.assertEq(vault.promised(), sum, "promised");
        }
    }

    // Helpers

    function deposit(uint256 amount) private {
        vm.prank(REQUESTER);
        vault.deposit(REF, amount);
    }

    function post(uint64 epoch, bytes32 root, uint256 sum) private {
        vm.prank(POSTER);
        vault.postRoot(epoch, root, sum);
    }

    function expectPostRevert(bytes memory why, uint64 epoch, uint256 sum) private {
        vm.expectRevert(why);
        post(epoch, bytes32(uint256(1)), sum);
    }

    /// @dev The next epoch: n accounts, each with `factor` times its sum, deposited and posted.
    function epochOf(uint256 n, uint256 factor)
        private
        returns (address[] memory accounts, uint256[] memory sums, bytes32[] memory all)
    {
        (accounts, sums) = drawn(n, factor);
        all = Tree.nodes(accounts, sums);
        uint256 sum = total(sums);
        token.mint(REQUESTER, sum);
        deposit(sum - vault.promised());
        post(vault.epoch() + 1, all[0], sum);
    }

    function drawn(uint256 n, uint256 factor) private pure returns (address[] memory accounts, uint256[] memory sums) {
        (accounts, sums) = (new address[](n), new uint256[](n));
        for (uint256 i = 0; i < n; ++i) {
            accounts[i] = address(uint160(uint256(keccak256(abi.encode("account", i)))));
            sums[i] = ((i + 1) * 100 + i) * factor;
        }
    }

    function total(uint256[] memory sums) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < sums.length; ++i) {
            sum += sums[i];
        }
    }

    function allKnown(uint256 n) private pure returns (bool[] memory flags) {
        flags = new bool[](n - 1);
        for (uint256 i = 0; i < flags.length; ++i) {
            flags[i] = true;
        }
    }
}

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

/// @dev Deposits again from inside a deposit's transfer.
contract HookToken is ERC20("hook", "HOOK") {
    Vault private vault;

    constructor() {
        _mint(msg.sender, 1000);
        _mint(address(this), 1000);
    }

    function arm(Vault vault_) external {
        vault = vault_;
        _approve(address(this), address(vault_), type(uint256).max);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (address(vault) != address(0) && from != address(this)) vault.deposit(bytes32(0), amount);
        super._update(from, to, amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev Notice and withdrawal: what a requester does without the operator.
contract ExitTest is Fixture {
    bytes32 private constant OTHER_REF = keccak256("org_2");
    address private constant SAFE = address(0x5AFE);

    bytes32[] private none;

    function test_withdrawalPaysWhatIsNotSpent() public {
        spendingRoot(100, 30, 50, 50);
        giveNotice(REF);
        checkAccount(REQUESTER, REF, 100, 0, 17, now_());
        noticePasses();
        vm.expectEmit(true, true, true, true);
        emit Vault.Withdrawn(REF, REQUESTER, SAFE, 70);
        withdraw(REF, 30, Tree.proof(spending, 0));
        vm.assertEq(token.balanceOf(SAFE), 70, "paid");
        vm.assertEq(vault.withdrawn(), 70, "counted");
        checkAccount(REQUESTER, REF, 100, 70, 17, 0);
    }

    function test_withdrawalTwiceIsRefused() public {
        spendingRoot(100, 30, 50, 50);
        giveNotice(REF);
        noticePasses();
        withdraw(REF, 30, Tree.proof(spending, 0));
        expectRefused(abi.encodeWithSelector(Vault.VaultNotice.selector, 0), REF, 30, Tree.proof(spending, 0));
        giveNotice(REF);
        noticePasses();
        expectRefused(
            abi.encodeWithSelector(Vault.VaultNothingToWithdraw.selector, 30, 30), REF, 30, Tree.proof(spending, 0)
        );
        vm.assertEq(token.balanceOf(SAFE), 70, "once");
    }

    /// @dev A deposit after a withdrawal is withdrawn by itself.
    function test_withdrawalsAddUp() public {
        spendingRoot(100, 30, 50, 50);
        giveNotice(REF);
        noticePasses();
        withdraw(REF, 30, Tree.proof(spending, 0));
        deposit(9);
        giveNotice(REF);
        noticePasses();
        withdraw(REF, 30, Tree.proof(spending, 0));
        vm.assertEq(token.balanceOf(SAFE), 79, "paid");
    }

    function test_withdrawalWaitsForTheNotice() public {
        spendingRoot(100, 30, 50, 50);
        bytes32[] memory proof = Tree.proof(spending, 0);
        expectRefused(abi.encodeWithSelector(Vault.VaultNotice.selector, 0), REF, 30, proof);
        uint256 until = now_() + NOTICE;
        vm.expectEmit(true, true, true, true);
        emit Vault.NoticeGiven(REF, REQUESTER, uint64(until));
        giveNotice(REF);
        vm.warp(until - 1);
        expectRefused(abi.encodeWithSelector(Vault.VaultTooEarly.selector, until), REF, 30, proof);
        vm.warp(until);
        withdraw(REF, 30, proof);
    }

    function test_noticeIsGivenOnceAndForAnAccountThatIsThere() public {
        bytes32 key = vault.accountOf(REQUESTER, REF);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNoAccount.selector, key));
        giveNotice(REF);
        deposit(1);
        giveNotice(REF);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotice.selector, now_()));
        giveNotice(REF); // or the clock would start again
    }

    function test_noticeCanBeTakenBack() public {
        spendingRoot(100, 30, 50, 50);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotice.selector, 0));
        cancelNotice(REF);
        giveNotice(REF);
        noticePasses();
        vm.expectEmit(true, true, true, true);
        emit Vault.NoticeCancelled(REF, REQUESTER);
        cancelNotice(REF);
        expectRefused(abi.encodeWithSelector(Vault.VaultNotice.selector, 0), REF, 30, Tree.proof(spending, 0));
    }

    /// @dev Else anybody could keep a requester in with a deposit of one unit.
    function test_aStrangersDepositDoesNotMoveTheNotice() public {
        spendingRoot(100, 30, 50, 50);
        giveNotice(REF);
        noticePasses();
        token.mint(RELAYER, 1);
        approve(RELAYER);
        vm.prank(RELAYER);
        vault.deposit(REQUESTER, REF, 1);
        withdraw(REF, 30, Tree.proof(spending, 0));
        vm.assertEq(token.balanceOf(SAFE), 71, "with the stranger's unit");
    }

    function test_onlyTheOwnerGivesNoticeAndWithdraws() public {
        spendingRoot(100, 30, 50, 50);
        giveNotice(REF);
        noticePasses();
        bytes32 key = vault.accountOf(RELAYER, REF);
        bytes32[] memory proof = Tree.proof(spending, 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNoAccount.selector, key));
        vm.prank(RELAYER);
        vault.giveNotice(REF);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotice.selector, 0));
        vm.prank(RELAYER);
        vault.withdraw(head, REF, 30, proof, RELAYER);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotice.selector, 0));
        vm.prank(RELAYER);
        vault.cancelNotice(REF);
    }

    /// @dev What another account has spent says nothing about mine, be it the same owner's.
    function test_withdrawalByAnotherAccountsProofIsRefused() public {
        spendingRoot(100, 60, 100, 20);
        giveNotice(REF);
        noticePasses();
        bytes memory why = abi.encodeWithSelector(Vault.VaultBadProof.selector);
        expectRefused(why, REF, 20, Tree.proof(spending, 1));
        expectRefused(why, REF, 59, Tree.proof(spending, 0));
        expectRefused(why, REF, 0, none);
        withdraw(REF, 60, Tree.proof(spending, 0));
    }

    function test_withdrawalUnderAStaleHeaderIsRefused() public {
        spendingRoot(100, 30, 50, 50);
        (Header memory stale, bytes32[] memory proof) = (head, Tree.proof(spending, 0));
        spendingRoot(0, 90, 0, 50);
        giveNotice(REF);
        noticePasses();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 1));
        vm.prank(REQUESTER);
        vault.withdraw(stale, REF, 30, proof, SAFE);
        withdraw(REF, 90, Tree.proof(spending, 0));
        vm.assertEq(token.balanceOf(SAFE), 10, "paid");
    }

    function test_withdrawalUnderAPendingRootIsRefused() public {
        spendingRoot(100, 30, 50, 50);
        (Header memory good, bytes32[] memory proof) = (head, Tree.proof(spending, 0));
        giveNotice(REF);
        noticePasses();
        (bytes32[] memory keys, uint256[] memory sums) = leaves(10, 50); // says less than was spent
        bytes32[] memory lower = Tree.nodes(keys, sums);
        Header memory h = next();
        h.spending = lower[0];
        post(h);
        bytes32[] memory lowerProof = Tree.proof(lower, 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, 2));
        vm.prank(REQUESTER);
        vault.withdraw(h, REF, 10, lowerProof, SAFE);
        vm.prank(REQUESTER);
        vault.withdraw(good, REF, 30, proof, SAFE);
        vm.assertEq(token.balanceOf(SAFE), 70, "paid under the root in force");
    }

    /// @dev The sums of a pending root stay covered, whoever withdraws meanwhile.
    function test_withdrawalLeavesWhatAPendingRootSays() public {
        spendingRoot(100, 30, 50, 50);
        (Header memory good, bytes32[] memory proof) = (head, Tree.proof(spending, 0));
        giveNotice(REF);
        noticePasses();
        Header memory h = next();
        h.spent = 81; // of 150: 70 cannot go
        post(h);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 81, 80));
        vm.prank(REQUESTER);
        vault.withdraw(good, REF, 30, proof, SAFE);
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        vm.prank(COURT);
        vault.judge(2, false);
        vm.prank(REQUESTER);
        vault.withdraw(good, REF, 30, proof, SAFE);
        vm.assertEq(token.balanceOf(SAFE), 70, "paid once the root is void");
    }

    /// @dev A void root keeps nobody's money back, also when nobody has written down that silence voided it.
    function test_withdrawalAfterASilentlyVoidRoot() public {
        spendingRoot(100, 30, 50, 50);
        (Header memory good, bytes32[] memory proof) = (head, Tree.proof(spending, 0));
        giveNotice(REF);
        noticePasses();
        Header memory h = next();
        h.spent = 150;
        post(h);
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        vm.warp(now_() + JUDGEMENT - 1);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 150, 80));
        vm.prank(REQUESTER);
        vault.withdraw(good, REF, 30, proof, SAFE);
        vm.warp(now_() + 1);
        vm.prank(REQUESTER);
        vault.withdraw(good, REF, 30, proof, SAFE);
        vm.assertEq(token.balanceOf(SAFE), 70, "paid");
    }

    /// @dev A spending tree whose leaves sum to less than its header says gives out no more than the sum leaves.
    function test_withdrawalLeavesWhatRespondentsAreOwed() public {
        spendingRoot(100, 100, 0, 0);
        Header memory h = next();
        (bytes32[] memory keys, uint256[] memory sums) = leaves(0, 0);
        spending = Tree.nodes(keys, sums);
        h.spending = spending[0]; // h.spent stays 100
        post(h);
        delayPasses();
        giveNotice(REF);
        noticePasses();
        expectRefused(abi.encodeWithSelector(Vault.VaultUnderfunded.selector, 100, 0), REF, 0, Tree.proof(spending, 0));
    }

    // Without a leaf

    function test_withdrawalBeforeTheFirstRootNeedsNoProof() public {
        deposit(100);
        giveNotice(REF);
        noticePasses();
        Header memory h;
        head = h;
        withdraw(REF, 0, none);
        vm.assertEq(token.balanceOf(SAFE), 100, "all of it");
    }

    function test_withdrawalOfADepositThatTheRootDoesNotKnowNeedsNoProof() public {
        spendingRoot(100, 30, 0, 0); // through block 17
        vm.roll(40);
        token.mint(REQUESTER, 9);
        vm.prank(REQUESTER);
        vault.deposit(REQUESTER, keccak256("org_3"), 9);
        vm.startPrank(REQUESTER);
        vault.giveNotice(keccak256("org_3"));
        vm.stopPrank();
        noticePasses();
        bytes memory why = abi.encodeWithSelector(Vault.VaultBadProof.selector);
        expectRefused(why, keccak256("org_3"), 1, none);
        expectRefused(why, keccak256("org_3"), 0, new bytes32[](1));
        withdraw(keccak256("org_3"), 0, none);
        vm.assertEq(token.balanceOf(SAFE), 9, "all of it");
    }

    /// @dev The last block that the root knows needs a proof, the one after does not.
    function test_theLastBlockThatTheRootKnowsNeedsAProof() public {
        spendingRoot(100, 30, 50, 50);
        vm.assertEq(head.through, 17, "through the block of the deposits");
        giveNotice(REF);
        noticePasses();
        expectRefused(abi.encodeWithSelector(Vault.VaultBadProof.selector), REF, 0, none);
    }

    // Others

    function test_withdrawalToNowhereIsRefused() public {
        deposit(100);
        giveNotice(REF);
        noticePasses();
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, address(0)));
        vm.prank(REQUESTER);
        vault.withdraw(head, REF, 0, none, address(0));
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadAddress.selector, address(vault)));
        vm.prank(REQUESTER);
        vault.withdraw(head, REF, 0, none, address(vault));
    }

    function test_withdrawalByAContract() public {
        token.mint(address(this), 5);
        token.approve(address(vault), 5);
        vault.deposit(address(this), REF, 5);
        vault.giveNotice(REF);
        noticePasses();
        vault.withdraw(head, REF, 0, none, SAFE);
        vm.assertEq(token.balanceOf(SAFE), 5, "paid");
    }

    /// @dev With poster, watchers and adjudicator gone for good, everybody gets what the last root leaves them.
    function test_everybodyLeavesWithoutTheOperator() public {
        (address[] memory accounts, uint256[] memory sums) = epochOf(5, 1);
        deposit(500);
        giveNotice(REF);
        noticePasses();
        withdraw(REF, head.spent, Tree.proof(spending, 0));
        vault.claimMany(head, accounts, sums, none, allKnown(5));
        vm.assertEq(token.balanceOf(SAFE), 500, "the requester's");
        vm.assertEq(token.balanceOf(address(vault)), 2 * BOND, "nothing but bonds is left");
    }

    function testFuzz_withdrawal(uint96 mine, uint96 others, uint96 spent) public {
        vm.assume(mine > 0 && spent < mine && others > 0);
        token.mint(REQUESTER, uint256(mine) + others);
        spendingRoot(mine, spent, others, others);
        giveNotice(REF);
        noticePasses();
        withdraw(REF, spent, Tree.proof(spending, 0));
        vm.assertEq(token.balanceOf(SAFE), uint256(mine) - spent, "paid");
        vm.assertEq(uint256(vault.deposited()) - vault.withdrawn(), uint256(spent) + others, "left");
    }

    // Helpers

    /// @dev The next root, in force: two accounts of REQUESTER with these further deposits, and what they have spent in all.
    function spendingRoot(uint256 mine, uint256 mySpent, uint256 others, uint256 theirSpent) private {
        if (mine > 0) deposit(mine);
        if (others > 0) {
            vm.prank(REQUESTER);
            vault.deposit(REQUESTER, OTHER_REF, others);
        }
        vm.roll(block.number + 1);
        (bytes32[] memory keys, uint256[] memory sums) = leaves(mySpent, theirSpent);
        spending = Tree.nodes(keys, sums);
        Header memory h = next();
        (h.spending, h.spent, h.total, h.through) = (spending[0], total(sums), 0, 17);
        post(h);
        delayPasses();
    }

    function leaves(uint256 mine, uint256 theirs) private view returns (bytes32[] memory keys, uint256[] memory sums) {
        (keys, sums) = (new bytes32[](2), new uint256[](2));
        (keys[0], sums[0]) = (vault.accountOf(REQUESTER, REF), mine);
        (keys[1], sums[1]) = (vault.accountOf(REQUESTER, OTHER_REF), theirs);
    }

    function giveNotice(bytes32 ref) private {
        vm.prank(REQUESTER);
        vault.giveNotice(ref);
    }

    function cancelNotice(bytes32 ref) private {
        vm.prank(REQUESTER);
        vault.cancelNotice(ref);
    }

    function noticePasses() private {
        vm.warp(now_() + NOTICE);
    }

    function withdraw(bytes32 ref, uint256 spent, bytes32[] memory proof) private {
        vm.prank(REQUESTER);
        vault.withdraw(head, ref, spent, proof, SAFE);
    }

    function expectRefused(bytes memory why, bytes32 ref, uint256 spent, bytes32[] memory proof) private {
        vm.expectRevert(why);
        withdraw(ref, spent, proof);
    }
}

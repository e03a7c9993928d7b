// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {Vault} from "../src/Vault.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev A requester who has spent its deposit gives notice, and an accomplice blocks every root at the worst moment, so that
/// the notice is over before the spending is in force. The poster is honest and prompt, and the adjudicator honest and in
/// time.
contract NoticeTest is Fixture {
    address private constant OTHER = address(0x07E4); // who spends nothing
    uint64 private constant LEAST = 3 * DELAY + 2 * JUDGEMENT;

    uint256 private until; // when the notice is over
    mapping(bytes32 headerHash => uint256) private spentIn;

    function test_aNoticeThatBlockingOutlastsIsRefused() public {
        expectRefused(DELAY + JUDGEMENT);
        expectRefused(2 * (DELAY + JUDGEMENT));
        expectRefused(LEAST - 1);
    }

    function test_blockingAtTheLastMomentGainsNothing() public {
        attack(DELAY - 1, JUDGEMENT - 1, false, DELAY, DELAY - 1, JUDGEMENT - 1);
        vm.assertEq(vault.bondOf(WATCHER), 0, "two bonds are lost");
    }

    /// @dev Silence about the root that was posted before the notice holds it up no longer than a judgement.
    function test_oneSilenceGainsNothing() public {
        attack(DELAY - 1, JUDGEMENT - 1, true, DELAY, DELAY - 1, JUDGEMENT - 1);
        vm.assertEq(vault.bondOf(WATCHER), BOND, "one bond is lost");
    }

    function testFuzz_blockingGainsNothing(
        uint64 block1,
        uint64 judge1,
        bool silent,
        uint64 posts,
        uint64 block2,
        uint64 judge2
    ) public {
        attack(block1 % DELAY, judge1 % JUDGEMENT, silent, posts % (DELAY + 1), block2 % DELAY, judge2 % JUDGEMENT);
    }

    /// @param block1 seconds from the first root to its blocking
    /// @param judge1 seconds from there to its judgement, unless the adjudicator is silent
    /// @param posts seconds that the poster takes from there to the second root
    function attack(uint64 block1, uint64 judge1, bool silent, uint64 posts, uint64 block2, uint64 judge2) private {
        prepare();
        uint256 had = token.balanceOf(REQUESTER);
        Header memory first = spends(40);
        vm.prank(REQUESTER);
        vault.giveNotice(REF); // and 60 more are spent in this moment
        until = now_() + vault.notice();
        blocked(first, block1);
        pass(silent ? JUDGEMENT : judge1);
        if (!silent) judged();
        pass(posts);
        Header memory second = spends(100);
        blocked(second, block2);
        pass(judge2);
        judged();
        if (now_() < until) pass(until - now_());

        vm.assertEq(token.balanceOf(REQUESTER), had, "taken out, and spent");
        vm.prank(OTHER);
        vault.giveNotice(REF);
        pass(vault.notice());
        bytes32[] memory proof = Tree.proof(spending, 1);
        vm.prank(OTHER);
        vault.withdraw(second, REF, 0, proof, OTHER);
        vm.assertEq(token.balanceOf(OTHER), 2 * BOND, "all back");
    }

    /// @dev Time passes, and REQUESTER takes what it can in the moment in which the notice is over.
    function pass(uint256 time) private {
        uint256 end = now_() + time;
        if (now_() < until && end >= until) {
            vm.warp(until);
            (, bytes32 headerHash) = vault.effective();
            (bytes32[] memory keys, uint256[] memory sums) = leaves(spentIn[headerHash]);
            bytes32[] memory proof = Tree.proof(Tree.nodes(keys, sums), 0);
            Header memory h = inForce();
            vm.prank(REQUESTER);
            try vault.withdraw(h, REF, sums[0], proof, REQUESTER) {} catch {}
        }
        vm.warp(end);
    }

    /// @dev A vault with the shortest notice, in which two have deposited and nobody has spent.
    function prepare() private {
        Vault.Terms memory t = terms(token);
        t.notice = LEAST;
        vault = new Vault(t);
        address[4] memory all = [POSTER, WATCHER, REQUESTER, OTHER];
        for (uint256 i = 0; i < 4; ++i) {
            token.mint(all[i], 2 * BOND);
            approve(all[i]);
            vm.prank(all[i]);
            if (i < 2) vault.putBond(2 * BOND);
            else vault.deposit(all[i], REF, 100);
        }
        vm.roll(block.number + 1);
        spends(0);
        delayPasses();
    }

    /// @dev Posts a root that says what REQUESTER has spent.
    function spends(uint256 sum) private returns (Header memory h) {
        (bytes32[] memory keys, uint256[] memory sums) = leaves(sum);
        spending = Tree.nodes(keys, sums);
        h = next();
        (h.spending, h.spent, h.total, h.through) = (spending[0], sum, 0, 17);
        post(h);
        spentIn[keccak256(abi.encode(h))] = sum;
    }

    function leaves(uint256 sum) private view returns (bytes32[] memory keys, uint256[] memory sums) {
        (keys, sums) = (new bytes32[](2), new uint256[](2));
        (keys[0], keys[1], sums[0]) = (vault.accountOf(REQUESTER, REF), vault.accountOf(OTHER, REF), sum);
    }

    function blocked(Header memory h, uint64 later) private {
        pass(later);
        vm.prank(WATCHER);
        vault.blockRoot(h, "");
    }

    function judged() private {
        (uint64 epoch,,,,) = vault.pending();
        vm.prank(COURT);
        vault.judge(epoch, true);
    }

    function expectRefused(uint64 notice) private {
        Vault.Terms memory t = terms(token);
        t.notice = notice;
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadTerms.selector));
        new Vault(t);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {IVerdictReceiver, Outcome, Verdict} from "../src/IVerdictReceiver.sol";
import {MessageBoard} from "../src/MessageBoard.sol";
import {Oracle} from "../src/Oracle.sol";
import {Fixture} from "./Fixture.sol";
import {Tree} from "./Tree.sol";

/// @dev Questions, verdicts, call backs, and the board that uses them.
contract OracleTest is Fixture {
    uint256 private constant PRICE = 2 ether;

    Oracle private oracle;
    MessageBoard private board;
    bytes32[] private none;

    function setUp() public override {
        super.setUp();
        oracle = new Oracle(vault, 3, 1 << 80);
        board = new MessageBoard(oracle, PRICE);
        vm.prank(REQUESTER);
        token.approve(address(oracle), type(uint256).max);
        vm.prank(REQUESTER);
        token.approve(address(board), type(uint256).max);
    }

    function test_termsThatContradictOneAnotherAreRefused() public {
        bytes memory why = abi.encodeWithSelector(Oracle.OracleBadTerms.selector);
        vm.expectRevert(why);
        new Oracle(vault, 0, 1);
        vm.expectRevert(why);
        new Oracle(vault, 1, 0);
        vm.expectRevert(why);
        new Oracle(vault, 1, uint256(type(uint128).max) + 1);
    }

    // Asking

    function test_askingPaysIntoTheVaultInTheAskersName() public {
        Oracle.Ask memory a = question();
        uint256 id = uint256(keccak256(abi.encode(address(oracle), 1, REQUESTER, a)));
        vm.expectEmit(true, true, true, true);
        emit Oracle.Asked(id, REQUESTER, a);
        vm.assertEq(ask(a), id, "id");
        checkAccount(REQUESTER, bytes32(id), a.payment, 0, 17, 0);
        vm.assertEq(token.balanceOf(address(oracle)), 0, "nothing stays");
        (Verdict memory v, bool delivered) = oracle.verdictOf(id);
        vm.assertEq(uint8(v.outcome), 0, "no verdict");
        vm.assertEq(delivered ? 1 : 0, 0, "not delivered");
        vm.assertEq(ask(a) == id ? 1 : 0, 0, "another id");
    }

    /// @dev Where the chain takes a question back and another comes in its place, a verdict about the one is none about the other.
    function test_aQuestionInThePlaceOfAnotherHasAnotherId() public {
        uint256 before = vm.snapshotState();
        uint256 id = ask(question());
        vm.revertToState(before);
        Oracle.Ask memory a = question();
        a.options[0] = "maybe";
        uint256 other = ask(a);
        vm.assertEq(other == id ? 1 : 0, 0, "another id");
        vm.revertToState(before);
        vm.assertEq(ask(question()), id, "the same again has the same id");
    }

    function test_badQuestionsAreRefused() public {
        Oracle.Ask memory a = question();
        a.text = "";
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadText.selector, 0), a);
        a.content = keccak256("a picture");
        ask(a);
        a.text = string(new bytes(4001));
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadText.selector, 4001), a);

        bytes memory why = abi.encodeWithSelector(Oracle.OracleBadOptions.selector);
        a = question();
        a.options = new string[](1);
        a.options[0] = "Yes";
        expectAskRevert(why, a);
        a = question();
        a.options[1] = "";
        expectAskRevert(why, a);
        a.options[1] = string(new bytes(201));
        expectAskRevert(why, a);
        a.options = many(21);
        expectAskRevert(why, a);
        a.options = many(20);
        ask(a);

        why = abi.encodeWithSelector(Oracle.OracleBadPolicy.selector);
        a = question();
        a.minAnswers = 2;
        expectAskRevert(why, a);
        a.minAnswers = a.maxAnswers + 1;
        expectAskRevert(why, a);
        a = question();
        a.targetPpm = 1_000_000;
        expectAskRevert(why, a);
        a.targetPpm = 500_000;
        expectAskRevert(why, a);
        a.targetPpm = 0; // as many answers as there may be
        ask(a);
        a.maxAnswers = 1001;
        expectAskRevert(why, a);
        a.maxAnswers = 1000;
        ask(a);

        a = question();
        a.deadline = uint64(now_());
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadDeadline.selector, now_()), a);
        a.deadline = uint64(now_() + 30 days + 1);
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadDeadline.selector, a.deadline), a);
        a = question();
        a.callbackGas = 2_000_001;
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadGas.selector, 2_000_001), a);
    }

    function test_aQuestionPricedZeroOrOverTheMostIsRefused() public {
        oracle = new Oracle(vault, 3, (1 << 62) - 1);
        Oracle.Ask memory a = question();
        a.payment = 0;
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadPayment.selector, 0), a);
        a.payment = 1 << 62;
        expectAskRevert(abi.encodeWithSelector(Oracle.OracleBadPayment.selector, 1 << 62), a);
    }

    // Verdicts

    function test_aVerdictIsKeptWhenTheRootInForceProvesIt() public {
        Verdict memory v = verdictFor(ask(question()));
        bytes32[] memory proof = inForce(v);
        vm.expectEmit(true, true, true, true);
        emit Oracle.Fulfilled(v.id, v);
        vm.prank(RELAYER);
        oracle.fulfil(head, v, proof);
        (Verdict memory kept,) = oracle.verdictOf(v.id);
        vm.assertEq(keccak256(abi.encode(kept)), keccak256(abi.encode(v)), "verdict");
        vm.expectRevert(abi.encodeWithSelector(Oracle.OracleFulfilled.selector, v.id));
        oracle.fulfil(head, v, proof);
    }

    function test_aVerdictUnderAPendingOrVoidRootIsRefused() public {
        Verdict memory v = verdictFor(ask(question()));
        (bytes32[] memory proof, Header memory h) = pendingWith(v);
        bytes memory why = abi.encodeWithSelector(Oracle.OracleNotInForce.selector, 1);
        expectFulfilRevert(why, h, v, proof);
        vm.prank(WATCHER);
        vault.blockRoot(h, bytes32(0));
        delayPasses();
        expectFulfilRevert(why, h, v, proof);
        vm.prank(COURT);
        vault.judge(1, false);
        expectFulfilRevert(why, h, v, proof);
        vm.prank(POSTER);
        vault.putBond(BOND);
        postVerdicts(0);
        delayPasses(); // another root is in force now
        expectFulfilRevert(why, h, v, proof);
    }

    function test_aVerdictChangedInAnyPartIsRefused() public {
        uint256 id = ask(question());
        uint256 other = ask(question());
        Verdict memory v = verdictFor(id);
        bytes32[] memory proof = inForce(v);
        bytes memory why = abi.encodeWithSelector(Oracle.OracleBadProof.selector);
        v.choice = 0;
        expectFulfilRevert(why, head, v, proof);
        v = verdictFor(id);
        v.outcome = Outcome.Undecided;
        expectFulfilRevert(why, head, v, proof);
        v = verdictFor(id);
        v.confidencePpm += 1;
        expectFulfilRevert(why, head, v, proof);
        v = verdictFor(id);
        v.answers += 1;
        expectFulfilRevert(why, head, v, proof);
        v = verdictFor(id);
        v.verdictHash ^= bytes32(uint256(1));
        expectFulfilRevert(why, head, v, proof);
        v = verdictFor(id);
        v.id = other;
        expectFulfilRevert(why, head, v, proof);
        v.id = 7;
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleUnknown.selector, 7), head, v, proof);
    }

    /// @dev A verdict for one oracle is none for another on the same vault.
    function test_aVerdictOfAnotherOracleIsRefused() public {
        Verdict memory v = verdictFor(ask(question()));
        bytes32 theirs = new Oracle(vault, 3, 1).leafOf(v);
        postVerdicts(theirs);
        delayPasses();
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleBadProof.selector), head, v, none);
    }

    function test_noVerdictWithoutItsQuorum() public {
        Verdict memory v = verdictFor(ask(question()));
        v.answers = 4;
        bytes32[] memory proof = inForce(v);
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleNoQuorum.selector, 5, 4), head, v, proof);
        v.outcome = Outcome.Undecided;
        proof = inForce(v);
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleNoQuorum.selector, 5, 4), head, v, proof);
    }

    function test_theNewsThatThereIsNoVerdictComesAfterTheDeadline() public {
        Oracle.Ask memory a = question();
        a.deadline = uint64(now_() + DELAY + 10);
        Verdict memory v = verdictFor(ask(a));
        (v.outcome, v.choice, v.confidencePpm, v.answers) = (Outcome.Unanswered, 0, 0, 2);
        bytes32[] memory proof = inForce(v);
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleBadVerdict.selector), head, v, proof);
        vm.warp(a.deadline);
        oracle.fulfil(head, v, proof);
        v.choice = 1;
        v.id = ask(question());
        expectFulfilRevert(abi.encodeWithSelector(Oracle.OracleBadVerdict.selector), head, v, proof);
    }

    function test_verdictsThatCannotBeAreRefused() public {
        Verdict memory v = verdictFor(ask(question()));
        bytes memory why = abi.encodeWithSelector(Oracle.OracleBadVerdict.selector);
        v.outcome = Outcome.None;
        expectFulfilRevert(why, head, v, none);
        v.outcome = Outcome.Decided;
        v.choice = 2;
        expectFulfilRevert(why, head, v, none);
        v.choice = 1;
        v.confidencePpm = 1_000_001;
        expectFulfilRevert(why, head, v, none);
    }

    // Call backs

    function test_aCallBackThatRevertsStaysDeliverable() public {
        Asker asker = new Asker(oracle);
        Verdict memory v = asked(asker, Asker.Mood.Refuses);
        fulfilExpecting(v, false);
        expectDelivered(v.id, false);
        oracle.deliver(v.id);
        expectDelivered(v.id, false);
        asker.set(Asker.Mood.Listens);
        vm.expectEmit(true, true, true, true);
        emit Oracle.Delivered(v.id);
        oracle.deliver(v.id);
        expectDelivered(v.id, true);
        vm.assertEq(asker.heard(), v.id, "heard");
        vm.expectRevert(abi.encodeWithSelector(Oracle.OracleNotDue.selector, v.id));
        oracle.deliver(v.id);
    }

    function test_aCallBackThatEatsGasCostsNoMoreThanItsLimit() public {
        Asker asker = new Asker(oracle);
        Verdict memory v = asked(asker, Asker.Mood.Eats);
        bytes32[] memory proof = inForce(v);
        uint256 before = gasleft();
        oracle.fulfil(head, v, proof);
        vm.assertLe(before - gasleft(), 100_000 + 130_000, "gas");
        expectDelivered(v.id, false);
    }

    function test_aCallBackThatReturnsMuchCostsNoMoreThanItsLimit() public {
        Asker asker = new Asker(oracle);
        Verdict memory v = asked(asker, Asker.Mood.Shouts);
        bytes32[] memory proof = inForce(v);
        uint256 before = gasleft();
        oracle.fulfil(head, v, proof);
        vm.assertLe(before - gasleft(), 100_000 + 130_000, "gas");
    }

    function test_aCallBackCannotReenter() public {
        Asker asker = new Asker(oracle);
        token.mint(address(asker), 2 * PRICE);
        asker.set(Asker.Mood.Reenters);
        Oracle.Ask memory a = question();
        a.callbackGas = 1_000_000; // enough to ask again
        Verdict memory v = verdictFor(asker.ask(a));
        fulfilExpecting(v, false);
        vm.assertEq(oracle.asked(), 1, "not asked again");
        expectDelivered(v.id, false);
        vm.assertEq(asker.heard(), 0, "nothing happened in it");
    }

    /// @dev A relayer with little gas must not make the call back fail.
    function test_theAskerGetsTheGasItWasPromised() public {
        Asker asker = new Asker(oracle);
        token.mint(address(asker), PRICE);
        asker.set(Asker.Mood.Works);
        Oracle.Ask memory a = question();
        a.callbackGas = 1_000_000;
        Verdict memory v = verdictFor(asker.ask(a));
        bytes32[] memory proof = inForce(v);
        for (uint256 gas = 100_000; gas < 1_500_000; gas += 10_000) {
            try oracle.fulfil{gas: gas}(head, v, proof) {
                break; // the first that goes through at all is heard
            } catch {}
        }
        vm.assertEq(asker.heard(), v.id, "heard");
        expectDelivered(v.id, true);
    }

    function test_whoWantsNoCallIsNotCalled() public {
        Asker asker = new Asker(oracle);
        token.mint(address(asker), PRICE);
        Oracle.Ask memory a = question();
        a.callbackGas = 0;
        Verdict memory v = verdictFor(asker.ask(a));
        bytes32[] memory proof = inForce(v);
        oracle.fulfil(head, v, proof);
        vm.assertEq(asker.heard(), 0, "not called");
        vm.expectRevert(abi.encodeWithSelector(Oracle.OracleNotDue.selector, v.id));
        oracle.deliver(v.id);
    }

    function test_nothingIsDeliveredBeforeTheVerdict() public {
        Asker asker = new Asker(oracle);
        Verdict memory v = asked(asker, Asker.Mood.Listens);
        vm.expectRevert(abi.encodeWithSelector(Oracle.OracleNotDue.selector, v.id));
        oracle.deliver(v.id);
    }

    // The board

    function test_aPostIsHiddenWhenPeopleSaySo() public {
        uint256 id = flagged();
        Verdict memory v = verdictFor(id);
        bytes32[] memory proof = inForce(v);
        vm.expectEmit(true, true, true, true);
        emit MessageBoard.Settled(0, id, true);
        oracle.fulfil(head, v, proof);
        expectHidden(true);
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNotNow.selector, 0));
        board.flag(0);
    }

    function test_aPostStaysWhenPeopleAreNotSure() public {
        Verdict memory v = verdictFor(flagged());
        v.outcome = Outcome.Undecided;
        bytes32[] memory proof = inForce(v);
        oracle.fulfil(head, v, proof);
        expectHidden(false);
        v = verdictFor(flagged()); // and can be asked about again
        v.choice = 0;
        proof = inForce(v);
        oracle.fulfil(head, v, proof);
        expectHidden(false);
    }

    function test_onlyTheOracleTellsTheBoard() public {
        Verdict memory v = verdictFor(flagged());
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNotOracle.selector, address(this)));
        board.onVerdict(v);
        expectHidden(false);
    }

    function test_aPostIsAskedAboutOnceAtATime() public {
        flagged();
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNotNow.selector, 0));
        vm.prank(REQUESTER);
        board.flag(0);
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNoPost.selector, 1));
        board.flag(1);
    }

    function test_whatAQuestionHasNotSpentGoesBackToItsPayer() public {
        uint256 id = flagged();
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNoQuestion.selector, id));
        board.giveNotice(id);
        vm.prank(REQUESTER);
        board.giveNotice(id);
        vm.warp(now_() + NOTICE);
        uint256 had = token.balanceOf(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(MessageBoard.BoardNoQuestion.selector, id));
        board.withdraw(head, id, 0, none);
        vm.prank(REQUESTER);
        board.withdraw(head, id, 0, none);
        vm.assertEq(token.balanceOf(REQUESTER) - had, PRICE, "back");
    }

    /// @dev A verdict that comes after the payer has given up is kept, and hides nothing.
    function test_aQuestionGivenUpHidesNothing() public {
        Verdict memory v = verdictFor(flagged());
        vm.prank(REQUESTER);
        board.giveNotice(v.id);
        bytes32[] memory proof = inForce(v);
        oracle.fulfil(head, v, proof);
        expectHidden(false);
        expectDelivered(v.id, false);
    }

    // Helpers

    function question() private view returns (Oracle.Ask memory a) {
        string[] memory options = new string[](2);
        (options[0], options[1]) = ("Keep", "Hide");
        return Oracle.Ask("Is this an insult?", 0, options, 5, 15, 950_000, uint64(now_() + 30 days), PRICE, 100_000);
    }

    function many(uint256 n) private pure returns (string[] memory options) {
        options = new string[](n);
        for (uint256 i = 0; i < n; ++i) {
            options[i] = string(abi.encodePacked(bytes1(uint8(65 + i))));
        }
    }

    function ask(Oracle.Ask memory a) private returns (uint256) {
        vm.prank(REQUESTER);
        return oracle.ask(a);
    }

    function expectAskRevert(bytes memory why, Oracle.Ask memory a) private {
        vm.expectRevert(why);
        vm.prank(REQUESTER);
        oracle.ask(a);
    }

    function verdictFor(uint256 id) private pure returns (Verdict memory) {
        return Verdict(id, Outcome.Decided, 1, 970_000, 7, keccak256("the record"));
    }

    /// @dev A pending root with this verdict and another.
    function pendingWith(Verdict memory v) private returns (bytes32[] memory proof, Header memory h) {
        (bytes32 a, bytes32 b) = (oracle.leafOf(v), keccak256("another verdict"));
        proof = new bytes32[](1);
        proof[0] = b;
        h = postVerdicts(a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a)));
    }

    function postVerdicts(bytes32 root) private returns (Header memory h) {
        h = next();
        h.verdicts = root;
        post(h);
    }

    function inForce(Verdict memory v) private returns (bytes32[] memory proof) {
        (proof,) = pendingWith(v);
        delayPasses();
    }

    function expectFulfilRevert(bytes memory why, Header memory h, Verdict memory v, bytes32[] memory proof) private {
        vm.expectRevert(why);
        oracle.fulfil(h, v, proof);
    }

    function asked(Asker asker, Asker.Mood mood) private returns (Verdict memory) {
        token.mint(address(asker), PRICE);
        asker.set(mood);
        return verdictFor(asker.ask(question()));
    }

    function fulfilExpecting(Verdict memory v, bool delivered) private {
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = keccak256("another verdict");
        (, bytes32 headerHash) = vault.effective();
        if (keccak256(abi.encode(head)) != headerHash || head.verdicts == 0) proof = inForce(v);
        vm.expectEmit(true, true, true, true);
        if (delivered) emit Oracle.Delivered(v.id);
        else emit Oracle.DeliveryFailed(v.id);
        oracle.fulfil(head, v, proof);
    }

    function expectDelivered(uint256 id, bool want) private view {
        (, bool delivered) = oracle.verdictOf(id);
        vm.assertEq(delivered ? 1 : 0, want ? 1 : 0, "delivered");
    }

    function flagged() private returns (uint256 id) {
        board.post("Something rude");
        vm.prank(REQUESTER);
        return board.flag(0);
    }

    function expectHidden(bool want) private view {
        (,, bool hidden,) = board.postOf(0);
        vm.assertEq(hidden ? 1 : 0, want ? 1 : 0, "hidden");
    }
}

/// @dev Asks, and takes the verdict in one of the ways a contract can.
contract Asker is IVerdictReceiver {
    enum Mood {
        Listens,
        Refuses,
        Eats,
        Shouts,
        Works,
        Reenters
    }

    Oracle private immutable oracle;

    uint256 public heard;
    Mood private mood;
    bytes private last;

    constructor(Oracle oracle_) {
        oracle = oracle_;
        oracle_.token().approve(address(oracle_), type(uint256).max);
    }

    function set(Mood mood_) external {
        mood = mood_;
    }

    function ask(Oracle.Ask calldata a) external returns (uint256) {
        last = abi.encode(a);
        return oracle.ask(a);
    }

    function onVerdict(Verdict calldata v) external {
        require(mood != Mood.Refuses, "not today");
        if (mood == Mood.Eats) {
            for (uint256 i = 0;; ++i) {}
        }
        if (mood == Mood.Works) {
            for (uint256 before = gasleft(); before - gasleft() < 600_000;) {}
        }
        if (mood == Mood.Shouts) {
            assembly ("memory-safe") {
                return(0, 60000)
            }
        }
        if (mood == Mood.Reenters) {
            oracle.ask(abi.decode(last, (Oracle.Ask)));
        }
        heard = v.id;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Header} from "./Header.sol";
import {IVerdictReceiver, Outcome, Verdict} from "./IVerdictReceiver.sol";
import {Vault} from "./Vault.sol";

/// @title Questions of contracts, answered by people
/// @notice A contract asks and pays; its money lies in the vault under its own name until it is spent. A TaskNet server
/// that serves this oracle puts the question to people. The verdict stands in an epoch's header, and when that is in force
/// anybody can bring it here with a proof; it is kept, and the asker is called with it.
///
/// The call back has a gas limit, cannot re-enter, and cannot stop anything: when it fails, {deliver} does it again.
/// What the asker's account has left it takes out of the vault itself ({Vault.giveNotice}, {Vault.withdraw}).
///
/// NOTE: the oracle knows a verdict by the root in force and nothing else: what a wrong root says is taken for the verdict
/// when no watcher has blocked it in time. A verdict that has come cannot be taken back.
///
/// NOTE: nobody can be made to answer. A question may stay without a verdict for good; an asker needs a way on without one.
///
/// NOTE: question and verdict are public, and the verdict is in the root for a while before it comes. Do not ask what
/// somebody gains from knowing early.
contract Oracle is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice A question with its terms.
    /// @param text what is asked; may be empty when there is content
    /// @param content SHA-256 of an image or a clip that the server has: the hash that it gave for the upload. Zero for none
    /// @param options what can be answered, 2 to 20
    /// @param minAnswers no verdict rests on fewer
    /// @param maxAnswers no more are bought, up to 1000
    /// @param targetPpm confidence over a half at which the question ends, in millionths; zero for maxAnswers answers
    /// @param deadline Unix time at which it ends in any case, at most 30 days away
    /// @param payment in base units of the vault's token, for all answers and the fee
    /// @param callbackGas what the call back may use; zero for none
    struct Ask {
        string text;
        bytes32 content;
        string[] options;
        uint16 minAnswers;
        uint16 maxAnswers;
        uint32 targetPpm;
        uint64 deadline;
        uint256 payment;
        uint32 callbackGas;
    }

    struct Request {
        address asker;
        uint32 callbackGas;
        uint16 minAnswers;
        uint16 options;
        bool delivered;
        uint64 deadline;
        Outcome outcome; // None while there is no verdict
        uint16 choice;
        uint32 confidencePpm;
        uint32 answers;
        bytes32 verdictHash;
    }

    /// @notice The longest text of a question, in bytes.
    uint256 public constant MAX_TEXT = 4000;

    /// @notice The longest option, in bytes.
    uint256 public constant MAX_OPTION = 200;

    /// @notice The most options: no server takes more.
    uint256 public constant MAX_OPTIONS = 20;

    /// @notice The most answers that can be asked for: no server takes more.
    uint256 public constant MAX_ANSWERS = 1000;

    /// @notice The longest time to the deadline: no server takes a longer one.
    uint256 public constant MAX_TIME = 30 days;

    /// @notice The most that a call back may use.
    uint256 public constant MAX_CALLBACK_GAS = 2_000_000;

    /// @dev Kept for what follows a call back that used all it had.
    uint256 private constant RESERVE = 40_000;

    /// @notice Where payments lie and roots are.
    Vault public immutable vault;

    /// @notice The vault's token.
    IERC20 public immutable token;

    /// @notice The least quorum that can be asked for.
    uint16 public immutable minQuorum;

    /// @notice The most that one question can cost.
    uint256 public immutable maxPayment;

    /// @notice How many questions were asked.
    uint256 public asked;

    mapping(uint256 id => Request) private _requests;

    /// @notice A contract asked. The payment lies in the vault, owned by the asker, under the ref bytes32(id).
    event Asked(uint256 indexed id, address indexed asker, Ask ask);

    /// @notice A verdict was proven and is kept.
    event Fulfilled(uint256 indexed id, Verdict verdict);

    /// @notice The asker was called with the verdict and took it.
    event Delivered(uint256 indexed id);

    /// @notice The asker was called and failed. {deliver} calls it again.
    event DeliveryFailed(uint256 indexed id);

    /// @notice Terms that contradict one another.
    error OracleBadTerms();

    /// @notice Too long a text, or neither text nor content.
    error OracleBadText(uint256 length);

    /// @notice Fewer than two options, too many, or one that is empty or too long.
    error OracleBadOptions();

    /// @notice A quorum under the least or over the most answers, more answers than can be, or a target that is no better than
    /// a guess.
    error OracleBadPolicy();

    /// @notice The deadline is over already, or too far away.
    error OracleBadDeadline(uint64 deadline);

    /// @notice Nothing, or more than a question can cost.
    error OracleBadPayment(uint256 payment);

    /// @notice More than a call back may use.
    error OracleBadGas(uint256 gas);

    /// @notice The caller sends less gas than the asker was promised.
    error OracleTooLittleGas(uint256 needed, uint256 left);

    /// @notice No such question was asked here.
    error OracleUnknown(uint256 id);

    /// @notice The verdict has come already.
    error OracleFulfilled(uint256 id);

    /// @notice There is no verdict yet, or no call back is due.
    error OracleNotDue(uint256 id);

    /// @notice The header is not that of the root in force.
    error OracleNotInForce(uint64 epoch);

    /// @notice The proof does not lead from the verdict to the header's root.
    error OracleBadProof();

    /// @notice Fewer answers than the question's quorum.
    error OracleNoQuorum(uint256 needed, uint256 answers);

    /// @notice A verdict that cannot be: an unknown outcome, a choice that is not among the options, a confidence over one,
    /// or the news that there is none before the deadline.
    error OracleBadVerdict();

    /// @param vault_ where payments lie and roots are
    /// @param minQuorum_ the least quorum that can be asked for
    /// @param maxPayment_ the most that one question can cost, in base units
    constructor(Vault vault_, uint16 minQuorum_, uint256 maxPayment_) {
        require(minQuorum_ > 0 && maxPayment_ > 0 && maxPayment_ <= type(uint128).max, OracleBadTerms());
        vault = vault_;
        token = vault_.token();
        minQuorum = minQuorum_;
        maxPayment = maxPayment_;
    }

    /// @notice Asks a question. The caller has approved its payment, which goes into the vault and stays the caller's until
    /// answers are paid from it.
    /// @param a the question with its terms
    /// @return id what the verdict will be known by. It is of this oracle, its count, the caller and all that is asked: where
    /// the chain takes the call back and another takes its place, a verdict about the first is none about the second.
    function ask(Ask calldata a) external nonReentrant returns (uint256 id) {
        uint256 length = bytes(a.text).length;
        require(length <= MAX_TEXT && (length > 0 || a.content != 0), OracleBadText(length));
        _requireOptions(a.options);
        bool answers = a.minAnswers >= minQuorum && a.minAnswers <= a.maxAnswers && a.maxAnswers <= MAX_ANSWERS;
        bool target = a.targetPpm == 0 || (a.targetPpm > 500_000 && a.targetPpm < 1_000_000);
        require(answers && target, OracleBadPolicy());
        bool ahead = a.deadline > block.timestamp && a.deadline <= block.timestamp + MAX_TIME;
        require(ahead, OracleBadDeadline(a.deadline));
        require(a.payment > 0 && a.payment <= maxPayment, OracleBadPayment(a.payment));
        require(a.callbackGas <= MAX_CALLBACK_GAS, OracleBadGas(a.callbackGas));

        id = uint256(keccak256(abi.encode(address(this), ++asked, msg.sender, a)));
        Request storage r = _requests[id];
        (r.asker, r.callbackGas, r.minAnswers, r.deadline) = (msg.sender, a.callbackGas, a.minAnswers, a.deadline);
        // forge-lint: disable-next-line(unsafe-typecast)
        r.options = uint16(a.options.length); // not above MAX_OPTIONS
        token.safeTransferFrom(msg.sender, address(this), a.payment);
        token.forceApprove(address(vault), a.payment);
        vault.deposit(msg.sender, bytes32(id), a.payment);
        emit Asked(id, msg.sender, a);
    }

    /// @notice Keeps a verdict that the root in force proves, and calls the asker with it. Anybody may bring it.
    /// @param header of the root in force
    /// @param verdict what people said
    /// @param proof from the verdict, see {leafOf}, to header.verdicts
    function fulfil(Header calldata header, Verdict calldata verdict, bytes32[] calldata proof) external nonReentrant {
        Request storage r = _requests[verdict.id];
        require(r.asker != address(0), OracleUnknown(verdict.id));
        require(r.outcome == Outcome.None, OracleFulfilled(verdict.id));
        _requirePossible(r, verdict);
        (uint64 epoch, bytes32 headerHash) = vault.effective();
        require(epoch > 0 && header.hashOf() == headerHash, OracleNotInForce(header.epoch));
        require(MerkleProof.verifyCalldata(proof, header.verdicts, leafOf(verdict)), OracleBadProof());

        (r.outcome, r.choice, r.confidencePpm) = (verdict.outcome, verdict.choice, verdict.confidencePpm);
        (r.answers, r.verdictHash) = (verdict.answers, verdict.verdictHash);
        emit Fulfilled(verdict.id, verdict);
        if (r.callbackGas > 0) _deliver(r, verdict, r.callbackGas);
    }

    /// @notice Calls the asker again when it has failed. It gets all the gas that the caller has, and no less than promised.
    /// @param id of the question
    function deliver(uint256 id) external nonReentrant {
        Request storage r = _requests[id];
        require(r.outcome != Outcome.None && !r.delivered && r.callbackGas > 0, OracleNotDue(id));
        _deliver(r, _verdict(id, r), gasleft());
    }

    /// @notice The verdict of a question, all zero but the id while there is none, and whether the asker has taken it.
    /// @param id of the question
    /// @return verdict what people said
    /// @return delivered whether the asker was called with it and took it
    function verdictOf(uint256 id) external view returns (Verdict memory verdict, bool delivered) {
        Request storage r = _requests[id];
        return (_verdict(id, r), r.delivered);
    }

    /// @notice The leaf of a verdict under {Header}.verdicts: of this oracle's verdicts only.
    /// @param v the verdict
    /// @return its hash
    function leafOf(Verdict calldata v) public view returns (bytes32) {
        bytes32 once =
            keccak256(abi.encode(address(this), v.id, v.outcome, v.choice, v.confidencePpm, v.answers, v.verdictHash));
        return keccak256(bytes.concat(once));
    }

    function _verdict(uint256 id, Request storage r) private view returns (Verdict memory) {
        return Verdict(id, r.outcome, r.choice, r.confidencePpm, r.answers, r.verdictHash);
    }

    function _requireOptions(string[] calldata options) private pure {
        require(options.length >= 2 && options.length <= MAX_OPTIONS, OracleBadOptions());
        for (uint256 i = 0; i < options.length; ++i) {
            uint256 length = bytes(options[i]).length;
            require(length > 0 && length <= MAX_OPTION, OracleBadOptions());
        }
    }

    function _requirePossible(Request storage r, Verdict calldata v) private view {
        if (v.outcome == Outcome.Unanswered) {
            require(block.timestamp >= r.deadline && v.choice == 0 && v.confidencePpm == 0, OracleBadVerdict());
            return;
        }
        bool possible = v.outcome != Outcome.None && v.choice < r.options && v.confidencePpm <= 1_000_000;
        require(possible, OracleBadVerdict());
        require(v.answers >= r.minAnswers, OracleNoQuorum(r.minAnswers, v.answers));
    }

    /// @dev Calls the asker with `limit` gas at most. What it returns is not read, so that it cannot be made long.
    function _deliver(Request storage r, Verdict memory verdict, uint256 limit) private {
        // A call gets at most 63 of 64 parts of what is left, so that a caller with little gas could make it fail.
        uint256 needed = uint256(r.callbackGas) * 64 / 63 + RESERVE;
        require(gasleft() >= needed, OracleTooLittleGas(needed, gasleft()));
        r.delivered = true;
        bytes memory data = abi.encodeCall(IVerdictReceiver.onVerdict, (verdict));
        address asker = r.asker;
        bool ok;
        assembly ("memory-safe") {
            ok := call(limit, asker, 0, add(data, 0x20), mload(data), 0, 0)
        }
        if (ok) {
            emit Delivered(verdict.id);
        } else {
            r.delivered = false;
            emit DeliveryFailed(verdict.id);
        }
    }
}

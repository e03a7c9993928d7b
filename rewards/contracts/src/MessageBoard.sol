// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Header} from "./Header.sol";
import {IVerdictReceiver, Outcome, Verdict} from "./IVerdictReceiver.sol";
import {Oracle} from "./Oracle.sol";

/// @title A message board that asks people whether to hide a post
/// @notice A sample of a contract that uses {Oracle}. Anybody posts; anybody who pays for the question has a post looked at;
/// a post is hidden only by a decided verdict. What a question has not spent goes back to who paid it.
///
/// NOTE: what is posted stays in the chain's history for good. Hiding is for those who show the board.
contract MessageBoard is IVerdictReceiver, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Post {
        address author;
        bool hidden;
        uint256 question; // the newest about it; zero before the first
        string text;
    }

    struct Question {
        uint256 post;
        address payer;
        bool open;
    }

    uint16 private constant HIDE = 1; // index into the options
    uint64 private constant TIME = 1 days;

    /// @notice Who answers.
    Oracle public immutable oracle;

    /// @notice What a question costs, in base units of the oracle's token.
    uint256 public immutable price;

    Post[] private _posts;
    mapping(uint256 id => Question) private _questions;

    /// @notice `author` wrote a post.
    event Posted(uint256 indexed post, address indexed author, string text);

    /// @notice `payer` has people asked about a post.
    event Flagged(uint256 indexed post, uint256 indexed question, address indexed payer);

    /// @notice People have answered.
    event Settled(uint256 indexed post, uint256 indexed question, bool hidden);

    /// @notice An account other than the oracle.
    error BoardNotOracle(address account);

    /// @notice There is no such post.
    error BoardNoPost(uint256 post);

    /// @notice There is no such question, or not of this payer.
    error BoardNoQuestion(uint256 question);

    /// @notice Longer than a question can be.
    error BoardTooLong(uint256 length);

    /// @notice The post is hidden, or a question about it is open.
    error BoardNotNow(uint256 post);

    /// @param oracle_ who answers
    /// @param price_ what a question costs
    constructor(Oracle oracle_, uint256 price_) {
        oracle = oracle_;
        price = price_;
    }

    /// @notice Writes a post.
    /// @param text what it says
    /// @return id its number
    function post(string calldata text) external returns (uint256 id) {
        uint256 length = bytes(text).length;
        require(length > 0 && length <= oracle.MAX_TEXT(), BoardTooLong(length));
        id = _posts.length;
        _posts.push(Post({author: msg.sender, hidden: false, question: 0, text: text}));
        emit Posted(id, msg.sender, text);
    }

    /// @notice Has people asked whether to hide a post. The caller pays {price}, which it has approved.
    /// @param id the number of the post
    /// @return question what the verdict will be known by
    function flag(uint256 id) external nonReentrant returns (uint256 question) {
        require(id < _posts.length, BoardNoPost(id));
        Post storage p = _posts[id];
        require(!p.hidden && !_questions[p.question].open, BoardNotNow(id));
        IERC20 token = oracle.token();
        token.safeTransferFrom(msg.sender, address(this), price);
        token.forceApprove(address(oracle), price);
        string[] memory options = new string[](2);
        (options[0], options[1]) = ("Keep", "Hide");
        // Its id is known only afterwards. Until then a token or an oracle that calls back finds no question of that id.
        // slither-disable-next-line reentrancy-no-eth
        question = oracle.ask(
            Oracle.Ask({
                text: p.text,
                content: 0,
                options: options,
                minAnswers: 3,
                maxAnswers: 15,
                targetPpm: 950_000,
                deadline: uint64(block.timestamp) + TIME,
                payment: price,
                callbackGas: 100_000
            })
        );
        p.question = question;
        _questions[question] = Question({post: id, payer: msg.sender, open: true});
        emit Flagged(id, question, msg.sender);
    }

    /// @inheritdoc IVerdictReceiver
    function onVerdict(Verdict calldata verdict) external {
        require(msg.sender == address(oracle), BoardNotOracle(msg.sender));
        Question storage q = _questions[verdict.id];
        require(q.open, BoardNoQuestion(verdict.id));
        q.open = false;
        bool hidden = verdict.outcome == Outcome.Decided && verdict.choice == HIDE;
        if (hidden) _posts[q.post].hidden = true;
        emit Settled(q.post, verdict.id, hidden);
    }

    /// @notice A post and what became of it.
    /// @param id its number
    /// @return author who wrote it
    /// @return text what it says
    /// @return hidden whether people said that it should be hidden
    /// @return question the newest about it; zero before the first
    function postOf(uint256 id)
        external
        view
        returns (address author, string memory text, bool hidden, uint256 question)
    {
        require(id < _posts.length, BoardNoPost(id));
        Post storage p = _posts[id];
        return (p.author, p.text, p.hidden, p.question);
    }

    /// @notice Says that the payer of a question wants back what it has not spent, see {Vault.giveNotice}. A question that
    /// nobody answers is given up so.
    /// @param question its id
    function giveNotice(uint256 question) external {
        _requirePayer(question);
        _questions[question].open = false;
        oracle.vault().giveNotice(bytes32(question));
    }

    /// @notice Pays the payer what a question has not spent, after the notice, see {Vault.withdraw}.
    /// @param header of the root in force, all zeros before the first
    /// @param question its id
    /// @param spent the leaf of the question's account, see {Vault.withdraw}
    /// @param proof from the leaf to header.spending
    function withdraw(Header calldata header, uint256 question, uint256 spent, bytes32[] calldata proof) external {
        _requirePayer(question);
        oracle.vault().withdraw(header, bytes32(question), spent, proof, msg.sender);
    }

    function _requirePayer(uint256 question) private view {
        require(_questions[question].payer == msg.sender, BoardNoQuestion(question));
    }
}

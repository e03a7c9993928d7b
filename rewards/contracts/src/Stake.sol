// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title Stakes that a verdict can take
/// @notice Whoever wants to be trusted with work locks tokens here and gets them back after a delay. The court can open a
/// case against a staker, which freezes the stake until it is slashed, dismissed, or the case's time is over. What is
/// slashed goes to the harmed and the honest, never to the operator, the court or the staker.
///
/// NOTE: the court is believed: it can slash any staker up to the cap, to whom it likes but those three, and it can open one
/// case after another. The evidence is only a hash here; whether it shows anything is for people to read.
///
/// NOTE: the operator and the court are known here by one address each. Whoever has another address of theirs cannot be told
/// from a stranger.
///
/// NOTE: plain tokens only. A fee on transfer is refused when locking; balances that shrink on their own leave the last who
/// unlock with nothing.
contract Stake is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev The freeze ends at `until` by itself. A case counts as closed from then on.
    struct Case {
        address staker;
        uint64 until;
        bool closed;
        uint256 most; // what can be slashed
    }

    struct Locked {
        uint128 staked; // can be slashed, asked back or not
        uint128 asked; // the part that was asked back
        uint64 readyAt; // when that part can be taken
        uint256 openCase; // the newest case; zero before the first
    }

    /// @notice The token that is locked.
    IERC20 public immutable token;

    /// @notice Who opens, decides and dismisses cases.
    address public immutable court;

    /// @notice Who can never receive what is slashed, besides the court.
    address public immutable operator;

    /// @notice Seconds from {requestUnlock} to {unlock}.
    uint64 public immutable delay;

    /// @notice Seconds that a case stays open.
    uint64 public immutable caseTime;

    /// @notice The most that one case can take, in millionths of what was staked when it was opened.
    uint32 public immutable capPpm;

    /// @notice The number of cases that were ever opened; the newest case has this number.
    uint256 public cases;

    /// @notice What is staked by all, without what was slashed.
    uint256 public total;

    /// @notice What the recipient of slashed stakes can {collect}.
    mapping(address recipient => uint256 amount) public owed;

    mapping(address staker => Locked) private _stakes;
    mapping(uint256 id => Case) private _cases;

    /// @notice `staker` locked `amount`.
    event StakeLocked(address indexed staker, uint256 amount);

    /// @notice `staker` asked `amount` in all back, to be taken from `readyAt` on.
    event UnlockRequested(address indexed staker, uint256 amount, uint64 readyAt);

    /// @notice `staker` took `amount` back.
    event StakeUnlocked(address indexed staker, uint256 amount);

    /// @notice A case freezes the stake of `staker` until `until` at most.
    event CaseOpened(uint256 indexed id, address indexed staker, bytes32 evidence, uint64 until);

    /// @notice The case took `amount` of the stake.
    event StakeSlashed(uint256 indexed id, address indexed staker, uint256 amount, bytes32 evidence);

    /// @notice `recipient` can collect `amount` of what the case took.
    event StakeAwarded(uint256 indexed id, address indexed recipient, uint256 amount);

    /// @notice The case ended with nothing taken.
    event CaseDismissed(uint256 indexed id);

    /// @notice `recipient` fetched `amount`.
    event StakeCollected(address indexed recipient, uint256 amount);

    /// @notice Terms that contradict one another.
    error StakeBadTerms();

    /// @notice An account other than the court.
    error StakeNotCourt(address account);

    /// @notice Zero, or more than there is.
    error StakeBadAmount(uint256 amount, uint256 most);

    /// @notice Another amount arrived than was sent: the token takes a fee.
    error StakeFeeToken(uint256 sent, uint256 arrived);

    /// @notice What was asked back cannot be taken before `readyAt`.
    error StakeTooEarly(uint64 readyAt);

    /// @notice A case against the staker is open.
    error StakeFrozen(uint256 id);

    /// @notice There is no such case, or it is over.
    error StakeNoCase(uint256 id);

    /// @notice The operator, the court, the staker, this contract and the zero address get nothing of a stake.
    error StakeBadRecipient(address recipient);

    /// @notice The shares are not as many as the recipients, or do not add up to the amount.
    error StakeBadShares(uint256 sum, uint256 amount);

    /// @param token_ the token to lock: a plain ERC-20
    /// @param court_ who decides
    /// @param operator_ who never receives
    /// @param delay_ seconds from asking back to taking back, not shorter than the time of a case
    /// @param caseTime_ seconds that a case stays open
    /// @param capPpm_ the most that one case can take, in millionths of the stake
    constructor(IERC20 token_, address court_, address operator_, uint64 delay_, uint64 caseTime_, uint32 capPpm_) {
        require(address(token_) != address(0) && court_ != address(0) && operator_ != address(0), StakeBadTerms());
        require(caseTime_ > 0 && delay_ >= caseTime_ && capPpm_ > 0 && capPpm_ <= 1_000_000, StakeBadTerms());
        (token, court, operator) = (token_, court_, operator_);
        (delay, caseTime, capPpm) = (delay_, caseTime_, capPpm_);
    }

    /// @notice What `staker` has staked, how much of it was asked back, when that can be taken, and the open case against
    /// it (zero when there is none).
    /// @param staker whose stake it is
    /// @return staked in base units, asked back or not
    /// @return asked the part that was asked back
    /// @return readyAt Unix time from which on that part can be taken
    /// @return open the number of the case
    function stakeOf(address staker)
        external
        view
        returns (uint256 staked, uint256 asked, uint64 readyAt, uint256 open)
    {
        Locked storage s = _stakes[staker];
        return (s.staked, s.asked, s.readyAt, _isOpen(s.openCase) ? s.openCase : 0);
    }

    /// @notice Whom a case is against, until when it can be decided, how much it can take, and whether it is open.
    /// @param id its number
    /// @return staker whom it is against
    /// @return until Unix time at which it ends by itself
    /// @return most in base units
    /// @return open whether it can be decided
    function caseOf(uint256 id) external view returns (address staker, uint64 until, uint256 most, bool open) {
        Case storage c = _cases[id];
        return (c.staker, c.until, c.most, _isOpen(id));
    }

    /// @notice Locks `amount` of the caller's tokens, which it has approved.
    /// @param amount in base units
    function lock(uint256 amount) external nonReentrant {
        Locked storage s = _stakes[msg.sender];
        uint256 most = type(uint128).max - s.staked;
        require(amount > 0 && amount <= most, StakeBadAmount(amount, most));
        // forge-lint: disable-next-line(unsafe-typecast)
        s.staked += uint128(amount); // checked above
        total += amount;
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = token.balanceOf(address(this)) - before;
        require(arrived == amount, StakeFeeToken(amount, arrived));
        emit StakeLocked(msg.sender, amount);
    }

    /// @notice Asks `amount` more back. The delay starts again for all that was asked, and the stake can be slashed until
    /// it is taken.
    /// @param amount in base units
    function requestUnlock(uint256 amount) external {
        Locked storage s = _stakes[msg.sender];
        uint256 most = s.staked - s.asked;
        require(amount > 0 && amount <= most, StakeBadAmount(amount, most));
        // forge-lint: disable-next-line(unsafe-typecast)
        s.asked += uint128(amount); // checked above
        s.readyAt = uint64(block.timestamp) + delay;
        emit UnlockRequested(msg.sender, s.asked, s.readyAt);
    }

    /// @notice Pays the caller what it has asked back, after the delay and while no case is open against it.
    function unlock() external nonReentrant {
        Locked storage s = _stakes[msg.sender];
        uint128 amount = s.asked;
        require(amount > 0, StakeBadAmount(0, s.staked));
        require(block.timestamp >= s.readyAt, StakeTooEarly(s.readyAt));
        require(!_isOpen(s.openCase), StakeFrozen(s.openCase));
        (s.asked, s.staked) = (0, s.staked - amount);
        total -= amount;
        token.safeTransfer(msg.sender, amount);
        emit StakeUnlocked(msg.sender, amount);
    }

    /// @notice Opens a case against `staker`. One at a time is open against each.
    /// @param staker whom it is against
    /// @param evidence hash of what the case rests on
    /// @return id its number
    function openCase(address staker, bytes32 evidence) external returns (uint256 id) {
        require(msg.sender == court, StakeNotCourt(msg.sender));
        Locked storage s = _stakes[staker];
        require(s.staked > 0, StakeBadAmount(0, 0));
        require(!_isOpen(s.openCase), StakeFrozen(s.openCase));
        id = ++cases;
        s.openCase = id;
        uint64 until = uint64(block.timestamp) + caseTime;
        uint256 most = uint256(s.staked) * capPpm / 1_000_000;
        _cases[id] = Case({staker: staker, until: until, closed: false, most: most});
        emit CaseOpened(id, staker, evidence, until);
    }

    /// @notice Takes `amount` of the stake and awards it to `recipients`, each its share. The case is closed.
    /// @param id the number of the case
    /// @param amount in base units, not above what the case can take
    /// @param evidence hash of the verdict
    /// @param recipients who are awarded it
    /// @param shares in base units, in the same order; they add up to the amount
    function slash(
        uint256 id,
        uint256 amount,
        bytes32 evidence,
        address[] calldata recipients,
        uint256[] calldata shares
    ) external {
        Case storage c = _close(id);
        Locked storage s = _stakes[c.staker];
        require(amount > 0 && amount <= c.most, StakeBadAmount(amount, c.most)); // most is not above what is staked
        require(recipients.length == shares.length, StakeBadShares(shares.length, recipients.length));
        // forge-lint: disable-next-line(unsafe-typecast)
        s.staked -= uint128(amount); // checked above
        if (s.asked > s.staked) s.asked = s.staked;
        total -= amount;

        uint256 sum = 0;
        for (uint256 i = 0; i < recipients.length; ++i) {
            address to = recipients[i];
            bool stranger = to != operator && to != court && to != c.staker;
            require(stranger && to != address(0) && to != address(this), StakeBadRecipient(to));
            sum += shares[i];
            owed[to] += shares[i];
            emit StakeAwarded(id, to, shares[i]);
        }
        require(sum == amount, StakeBadShares(sum, amount));
        emit StakeSlashed(id, c.staker, amount, evidence);
    }

    /// @notice Closes a case with nothing taken.
    /// @param id the number of the case
    function dismiss(uint256 id) external {
        _close(id);
        emit CaseDismissed(id);
    }

    /// @notice Pays the caller what cases have awarded to it.
    function collect() external nonReentrant {
        uint256 amount = owed[msg.sender];
        require(amount > 0, StakeBadAmount(0, 0));
        owed[msg.sender] = 0;
        token.safeTransfer(msg.sender, amount);
        emit StakeCollected(msg.sender, amount);
    }

    function _close(uint256 id) private returns (Case storage c) {
        require(msg.sender == court, StakeNotCourt(msg.sender));
        require(_isOpen(id), StakeNoCase(id));
        c = _cases[id];
        c.closed = true;
    }

    function _isOpen(uint256 id) private view returns (bool) {
        Case storage c = _cases[id];
        return !c.closed && block.timestamp < c.until;
    }
}

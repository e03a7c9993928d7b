// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Header, leafOf} from "./Header.sol";

/// @title The vault that respondents are paid from
/// @notice Requesters deposit a token. The poster puts one {Header} per epoch, which takes effect after a delay unless a
/// bonded watcher blocks it; then the adjudicator decides, and its silence voids the root. Under the root in force anybody
/// may claim for any account, and the money always goes to that account; and a requester takes out, after a notice, what
/// the root does not prove spent. Both need nobody's consent and nothing but public files.
///
/// Leaves are cumulative: they say what an account may have been paid, or has spent, in all since the beginning, and the
/// vault remembers what it was paid, so that a claim made twice pays once and who skips an epoch loses nothing.
///
/// Whatever the poster does: paid <= total <= spent <= deposited - withdrawn. There is no owner, no proxy and no pause.
/// A claim leaves no event of its own: the token's Transfer from the vault says who was paid how much.
///
/// NOTE: the vault cannot see whether a root is right. A root that pays the wrong accounts, or leaves an account out of
/// either tree, takes effect when no watcher blocks it in time. With a bond of zero nobody can block.
///
/// NOTE: an account under notice may be spent from until the notice is over. What it has spent must stand in a root in
/// force by then, or its owner takes out money that is owed to others: the poster stops taking from an account when it sees
/// {NoticeGiven} and posts in time. Anybody can deposit under any ref, so a notice concerns the account of that owner and
/// ref, and nobody else's under the same ref.
///
/// NOTE: the notice is at least 3 * delay + 2 * judgement, which is what a poster may need. When notice is given a root may
/// just have been posted that lacks the last spending, and none can follow before it is in force or void: delay and
/// judgement, when an accomplice of the owner blocks it at the last moment. The root that has all is held up as long in the
/// same way. One more delay is the poster's own, for both together: from the notice to its last taking from the account,
/// and from the first root's end to the second's post. No blocking holds a right root up for longer, whoever blocks it: a
/// root is blocked once, and one judged good is in force at once. Each blocking costs the watcher its bond, so the two cost
/// two. An adjudicator who is silent about the second root makes them free and has it posted again: each such silence takes
/// delay and judgement, and the time to post, once more. A longer notice bears as many silences as fit in; none bears an
/// adjudicator who is gone while somebody blocks.
///
/// NOTE: watchers who block every root stop payouts (not exits) at no cost while the adjudicator is silent; when it speaks
/// they lose their bonds. The adjudicator earns half of the loser's bond whichever way it decides.
///
/// NOTE: one account that the token refuses to pay makes a {claimMany} that names it fail as a whole. The relayer leaves
/// it out of the batch.
///
/// NOTE: tokens sent here without {deposit} are not counted and cannot be taken out. A token that takes a fee is refused
/// at the deposit. Of one that lowers balances on its own (rebasing) the vault takes nothing any more once it holds less
/// than it accounts for; roots, claims and withdrawals go on while the balance lasts.
contract Vault is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice What a vault is made with.
    /// @param token the token to keep: a plain ERC-20
    /// @param poster the account that posts roots
    /// @param adjudicator who decides about blocked roots: a court contract or a multisig
    /// @param delay seconds until a posted root takes effect
    /// @param judgement seconds that the adjudicator has, from the block on
    /// @param notice seconds between a requester's notice and the withdrawal, at least 3 * delay + 2 * judgement; also how long
    /// the poster may be silent
    /// @param bond what poster and watcher each put at stake, in base units; zero, with no delay, means that nobody can block
    struct Terms {
        IERC20 token;
        address poster;
        address adjudicator;
        uint64 delay;
        uint64 judgement;
        uint64 notice;
        uint256 bond;
    }

    /// @dev Where the newest root stands: there is none that is not in force, or it waits, or it is blocked.
    enum State {
        None,
        Waiting,
        Blocked
    }

    /// @dev One slot. _roots[turn] is the header's hash in force, _roots[1 - turn] the pending one's unless state is None:
    /// two places take turns, so that no root after the second makes new state. What else a rule needs of the header in
    /// force it takes from calldata, which is cheaper than another slot. 40 bits last for 30,000 years of seconds.
    struct Head {
        uint40 epoch; // in force
        uint40 postedAt; // time of the newest root
        uint128 pendingSpent; // what the newest root says was spent
        State state;
        uint8 turn;
    }

    struct Account {
        uint128 deposited;
        uint128 withdrawn;
        uint64 since; // block of the first deposit
        uint64 noticeAt; // zero when no notice stands
    }

    struct Objection {
        address watcher;
        uint64 since;
    }

    /// @notice The token that the vault keeps.
    IERC20 public immutable token;

    /// @notice Who decides about blocked roots, and names a new poster when the old one is silent.
    address public immutable adjudicator;

    /// @notice Seconds until a posted root takes effect.
    uint64 public immutable delay;

    /// @notice Seconds that the adjudicator has for a blocked root.
    uint64 public immutable judgement;

    /// @notice Seconds between a requester's notice and the withdrawal.
    uint64 public immutable notice;

    /// @notice What poster and watcher each put at stake, in base units.
    uint256 public immutable bond;

    /// @notice The block at which the vault was made: no deposit is older. (On chains where block.number is that of a
    /// parent chain, a number that is not above it.)
    uint256 public immutable firstBlock;

    /// @notice What was deposited and not withdrawn: no root can say that more was spent.
    uint128 public funds;

    /// @notice What was paid to all accounts since the beginning.
    uint128 public paid;

    /// @notice The only account that may post roots.
    address public poster;

    /// @notice The sum of all bonds that lie here.
    uint96 public bonds;

    /// @notice What requesters took out again since the beginning.
    uint256 public withdrawn;

    /// @notice Who may become the poster by {acceptPoster}; zero when nobody is offered.
    address public offered;

    Head private _head;
    bytes32[2] private _roots;
    Objection private _objection; // means something while the state is Blocked
    mapping(bytes32 account => Account) private _accounts;

    /// @notice What an account was paid since the beginning.
    mapping(address account => uint256 cumulative) public claimed;

    /// @notice What an address has put at stake, or won, and not taken back.
    mapping(address staker => uint256 amount) public bondOf;

    /// @notice `amount` arrived from `from`. `owner` may withdraw it, `ref` names the organisation that spends it.
    event Deposited(bytes32 indexed ref, address indexed owner, address from, uint256 amount);

    /// @notice A root was posted. It takes effect after {delay} unless it is blocked.
    event RootPosted(uint64 indexed epoch, bytes32 indexed headerHash, Header header);

    /// @notice `watcher` says that the pending root is wrong. `evidence` is the hash of what shows it.
    event RootBlocked(uint64 indexed epoch, address indexed watcher, bytes32 evidence);

    /// @notice The adjudicator decided. A good root is in force from here on.
    event RootJudged(uint64 indexed epoch, bool good);

    /// @notice A blocked root is void: judged bad, or not judged in time. (Not told before the next call that sees it.)
    event RootVoided(uint64 indexed epoch, bytes32 headerHash);

    /// @notice The owner may withdraw from `until` on.
    event NoticeGiven(bytes32 indexed ref, address indexed owner, uint64 until);

    /// @notice The owner took the notice back.
    event NoticeCancelled(bytes32 indexed ref, address indexed owner);

    /// @notice The owner took `amount` out of an account. The notice is used up.
    event Withdrawn(bytes32 indexed ref, address indexed owner, address to, uint256 amount);

    /// @notice `staker` put `amount` at stake.
    event BondPut(address indexed staker, uint256 amount);

    /// @notice `staker` took `amount` back.
    event BondTaken(address indexed staker, uint256 amount);

    /// @notice `poster` may post roots from here on, and `before` no more.
    event PosterChanged(address indexed before, address indexed poster);

    /// @notice Terms that contradict one another.
    error VaultBadTerms();

    /// @notice An account other than the poster.
    error VaultNotPoster(address account);

    /// @notice An account other than the adjudicator.
    error VaultNotAdjudicator(address account);

    /// @notice The poster, or one without a vault that can be watched, cannot be a watcher.
    error VaultNotWatcher(address account);

    /// @notice The zero address, or the vault itself.
    error VaultBadAddress(address account);

    /// @notice Nothing, or more in all than the vault can count.
    error VaultBadAmount(uint256 amount);

    /// @notice Another amount arrived than was sent: the token takes a fee.
    error VaultFeeToken(uint256 sent, uint256 arrived);

    /// @notice The vault holds less than it accounts for: the token changes balances on its own.
    error VaultShort(uint256 accounted, uint256 held);

    /// @notice Epochs follow one another without a gap.
    error VaultWrongEpoch(uint64 expected, uint64 given);

    /// @notice A root is pending, and this has to wait for it.
    error VaultRootPending(uint64 epoch);

    /// @notice This root is not pending, or not in the state in which that can be done.
    error VaultNotPending(uint64 epoch);

    /// @notice Cumulative sums never shrink, so neither does their total.
    error VaultTotalShrinks(uint256 before, uint256 given);

    /// @notice Cumulative sums never shrink, so neither does their total.
    error VaultSpentShrinks(uint256 before, uint256 given);

    /// @notice The root pays more than requesters spent.
    error VaultOverspent(uint256 total, uint256 spent);

    /// @notice The root says that more was spent than there is.
    error VaultUnderfunded(uint256 spent, uint256 funds);

    /// @notice A root knows only past blocks, and no fewer than the one before.
    error VaultBadThrough(uint64 before, uint64 given);

    /// @notice The log never shrinks.
    error VaultBadLogSize(uint64 before, uint64 given);

    /// @notice Less is at stake than is needed, or than this would leave while it is at stake.
    error VaultBondTooSmall(uint256 needed, uint256 given);

    /// @notice The header is not that of the root in force.
    error VaultNotInForce(uint64 epoch);

    /// @notice The proof does not lead from the leaves to the root in force.
    error VaultBadProof();

    /// @notice The account was paid everything that its leaf allows.
    error VaultNothingToClaim(address account);

    /// @notice The leaves of the root sum to more than its total.
    error VaultOverpaid(uint256 paid, uint256 total);

    /// @notice The lists of accounts and sums are empty or of different lengths.
    error VaultBadBatch(uint256 accounts, uint256 cumulatives);

    /// @notice Nothing was ever deposited for this owner under this ref.
    error VaultNoAccount(bytes32 account);

    /// @notice A notice stands already, since `given`, or none does (zero).
    error VaultNotice(uint64 given);

    /// @notice The notice is not over before `until`, or the poster was not silent until then.
    error VaultTooEarly(uint256 until);

    /// @notice Everything that was deposited is spent or withdrawn.
    error VaultNothingToWithdraw(uint256 left, uint256 spent);

    /// @param terms what the vault is made with; nothing of it but the poster ever changes
    constructor(Terms memory terms) {
        require(address(terms.token) != address(0) && terms.poster != address(0), VaultBadTerms());
        require((terms.bond == 0) == (terms.delay == 0) && terms.bond <= type(uint96).max, VaultBadTerms());
        require(uint256(terms.notice) >= 3 * uint256(terms.delay) + 2 * uint256(terms.judgement), VaultBadTerms());
        bool judged = terms.judgement > 0 && terms.adjudicator != address(0) && terms.adjudicator != terms.poster;
        require(terms.bond == 0 || judged, VaultBadTerms());

        token = terms.token;
        adjudicator = terms.adjudicator;
        delay = terms.delay;
        judgement = terms.judgement;
        notice = terms.notice;
        bond = terms.bond;
        firstBlock = block.number;
        poster = terms.poster;
        _roots[0] = keccak256(new bytes(0x120)); // of the empty header, which is in force before the first
        _head.postedAt = uint40(block.timestamp);
        emit PosterChanged(address(0), terms.poster);
    }

    // Deposits

    /// @notice Takes `amount` of the token from the caller, who has approved it, for the organisation that `ref` names.
    /// Only `owner` can ever take back what is not spent.
    /// @param owner who may withdraw what is not spent
    /// @param ref names the organisation
    /// @param amount in base units
    function deposit(address owner, bytes32 ref, uint256 amount) external nonReentrant {
        _deposit(owner, ref, amount);
    }

    /// @notice Like {deposit}, with the approval as the caller's signature after EIP-2612.
    /// @dev A permit that fails is passed over: anybody may have handed it in before, and then the approval stands.
    /// @param owner who may withdraw what is not spent
    /// @param ref names the organisation
    /// @param amount in base units
    /// @param deadline Unix time at which the signature ends
    /// @param v of the signature
    /// @param r of the signature
    /// @param s of the signature
    function depositWithPermit(
        address owner,
        bytes32 ref,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(owner, ref, amount);
    }

    /// @notice The key in the spending tree of what was deposited for `owner` and `ref`.
    /// @param owner who may withdraw
    /// @param ref names the organisation
    /// @return the key
    function accountOf(address owner, bytes32 ref) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, ref));
    }

    /// @notice What was deposited into and taken out of `account`, the block of its first deposit, and when notice was
    /// given; zeros for what has not happened.
    /// @param account its key, see {accountOf}
    /// @return deposited_ in base units, since the beginning
    /// @return withdrawn_ in base units, since the beginning
    /// @return since block of the first deposit
    /// @return noticeAt Unix time of the notice
    function accountInfo(bytes32 account)
        external
        view
        returns (uint128 deposited_, uint128 withdrawn_, uint64 since, uint64 noticeAt)
    {
        Account storage a = _accounts[account];
        return (a.deposited, a.withdrawn, a.since, a.noticeAt);
    }

    // Roots

    /// @notice Puts the root of the epoch after the one in force. Only the poster can, with its bond here.
    /// @param before the header in force, whose sums the new one's cannot be under; all zeros before the first
    /// @param header the new one, of the epoch after
    function postRoot(Header calldata before, Header calldata header) external {
        require(msg.sender == poster, VaultNotPoster(msg.sender));
        _requireBond(msg.sender);
        Head memory head = _settled();
        uint64 epoch = uint64(head.epoch) + 1;
        require(head.state == State.None, VaultRootPending(epoch));
        require(header.epoch == epoch, VaultWrongEpoch(epoch, header.epoch));
        _requireInForce(before, head);
        _requireGrowth(before, header);

        bytes32 headerHash = header.hashOf();
        _roots[1 - head.turn] = headerHash;
        head.state = State.Waiting;
        head.postedAt = uint40(block.timestamp);
        // forge-lint: disable-next-line(unsafe-typecast)
        head.pendingSpent = uint128(header.spent); // not above funds
        _head = head;
        emit RootPosted(header.epoch, headerHash, header);
    }

    /// @notice What was deposited since the beginning.
    /// @return in base units
    function deposited() external view returns (uint256) {
        return funds + withdrawn;
    }

    /// @notice The root in force: a pending one counts from the moment at which its delay is over. Before the first it is
    /// that of epoch 0, whose header is all zeros.
    /// @return epoch its number
    /// @return headerHash hash of its header
    function effective() external view returns (uint64 epoch, bytes32 headerHash) {
        Head memory head = _now();
        return (head.epoch, _roots[head.turn]);
    }

    /// @notice The root that is not in force yet. `state` is 0 when there is none (all else is zero then), 1 when it waits
    /// for its delay, 2 when `watcher` has blocked it. One that was not judged in time counts as none.
    /// @return epoch its number
    /// @return headerHash hash of its header
    /// @return postedAt Unix time at which it was posted
    /// @return state 0, 1 or 2
    /// @return watcher who has blocked it
    function pending()
        external
        view
        returns (uint64 epoch, bytes32 headerHash, uint64 postedAt, uint8 state, address watcher)
    {
        Head memory head = _now();
        if (head.state == State.None) return (0, bytes32(0), 0, 0, address(0));
        if (head.state == State.Blocked) watcher = _objection.watcher;
        return (head.epoch + 1, _roots[1 - head.turn], head.postedAt, uint8(head.state), watcher);
    }

    // Watching

    /// @notice Stops the pending root, whose header is given so that no other can be meant. The caller's bond is at stake.
    /// @param header of the pending root
    /// @param evidence hash of what shows the root to be wrong, for the adjudicator
    function blockRoot(Header calldata header, bytes32 evidence) external {
        require(bond > 0 && msg.sender != poster, VaultNotWatcher(msg.sender));
        _requireBond(msg.sender);
        Head memory head = _now();
        bool meant = header.hashOf() == _roots[1 - head.turn];
        require(head.state == State.Waiting && meant, VaultNotPending(header.epoch));

        _head.state = State.Blocked;
        _objection = Objection({watcher: msg.sender, since: uint64(block.timestamp)});
        emit RootBlocked(header.epoch, msg.sender, evidence);
    }

    /// @notice Decides about the blocked root of `epoch`. A good one is in force at once; a bad one is void. The loser's
    /// bond goes half to the winner and half to the adjudicator, who so earns the same either way.
    /// @param epoch the number of the blocked root
    /// @param rootIsGood what is decided
    function judge(uint64 epoch, bool rootIsGood) external {
        require(msg.sender == adjudicator, VaultNotAdjudicator(msg.sender));
        Head memory head = _now();
        require(head.state == State.Blocked && epoch == head.epoch + 1, VaultNotPending(epoch));

        address watcher = _objection.watcher;
        (address winner, address loser) = rootIsGood ? (poster, watcher) : (watcher, poster);
        bondOf[loser] -= bond;
        bondOf[msg.sender] += bond / 2;
        bondOf[winner] += bond - bond / 2;
        if (rootIsGood) {
            _takesEffect(head);
        } else {
            head.state = State.None;
        }
        _head = head;
        emit RootJudged(epoch, rootIsGood);
        if (!rootIsGood) emit RootVoided(epoch, _roots[1 - head.turn]);
    }

    /// @notice Writes down that a blocked root is void because the adjudicator was silent. Anybody may call it. Both bonds
    /// are free again, as they are without this call.
    function settleSilence() external {
        require(_head.state == State.Blocked, VaultNotPending(_head.epoch + 1));
        Head memory head = _settled();
        require(head.state == State.None, VaultRootPending(head.epoch + 1));
        _head = head;
    }

    /// @notice Puts `amount` of the token at stake for the caller, who has approved it.
    /// @param amount in base units
    function putBond(uint256 amount) external nonReentrant {
        require(amount > 0 && amount <= type(uint96).max - bonds, VaultBadAmount(amount));
        // forge-lint: disable-next-line(unsafe-typecast)
        bonds += uint96(amount); // checked above
        bondOf[msg.sender] += amount;
        _receive(amount);
        emit BondPut(msg.sender, amount);
    }

    /// @notice Gives the caller `amount` of its bond back. What a pending root holds at stake stays: the poster's until the
    /// root is in force or void, the watcher's until it is decided.
    /// @param amount in base units
    function takeBond(uint256 amount) external nonReentrant {
        Head memory head = _now();
        bool posted = head.state != State.None && msg.sender == poster;
        bool blocked = head.state == State.Blocked && msg.sender == _objection.watcher;
        uint256 locked = posted || blocked ? bond : 0;
        uint256 has = bondOf[msg.sender];
        require(amount > 0, VaultBadAmount(amount));
        require(amount <= has && has - amount >= locked, VaultBondTooSmall(locked + amount, has));

        bondOf[msg.sender] = has - amount;
        // forge-lint: disable-next-line(unsafe-typecast)
        bonds -= uint96(amount); // not above what this address put
        token.safeTransfer(msg.sender, amount);
        emit BondTaken(msg.sender, amount);
    }

    // Claims

    /// @notice Pays `account` what it is owed under the root in force. Anybody may call it.
    /// @param header of the root in force
    /// @param account who is paid
    /// @param cumulative its leaf: what it may have been paid in all
    /// @param proof from the leaf to header.payouts
    function claim(Header calldata header, address account, uint256 cumulative, bytes32[] calldata proof)
        external
        nonReentrant
    {
        _requireInForce(header, _now());
        require(MerkleProof.verifyCalldata(proof, header.payouts, _payoutLeaf(account, cumulative)), VaultBadProof());

        uint256 due = _settle(account, cumulative);
        require(due > 0, VaultNothingToClaim(account));
        _count(due, header.total);
        token.safeTransfer(account, due);
    }

    /// @notice Pays several accounts what they are owed under the root in force, by one proof of all their leaves, which
    /// come in the order of the tree. Accounts that are owed nothing are passed over.
    /// @param header of the root in force
    /// @param accounts who is paid
    /// @param cumulatives their leaves, in the same order
    /// @param proof nodes that the leaves lack for header.payouts
    /// @param flags where each step takes its second node from, see {MerkleProof}
    function claimMany(
        Header calldata header,
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata flags
    ) external nonReentrant {
        uint256 count = accounts.length;
        require(count > 0 && count == cumulatives.length, VaultBadBatch(count, cumulatives.length));
        _requireInForce(header, _now());

        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = _payoutLeaf(accounts[i], cumulatives[i]);
        }
        require(MerkleProof.multiProofVerifyCalldata(proof, flags, header.payouts, leaves), VaultBadProof());

        uint256[] memory dues = new uint256[](count);
        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            dues[i] = _settle(accounts[i], cumulatives[i]);
            sum += dues[i];
        }
        _count(sum, header.total);
        for (uint256 i = 0; i < count; ++i) {
            if (dues[i] > 0) token.safeTransfer(accounts[i], dues[i]);
        }
    }

    /// @notice What each account was paid since the beginning.
    /// @param accounts whose sums are asked for
    /// @return cumulatives in base units, in the same order
    function claimedOf(address[] calldata accounts) external view returns (uint256[] memory cumulatives) {
        cumulatives = new uint256[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            cumulatives[i] = claimed[accounts[i]];
        }
    }

    // Exit

    /// @notice Says that the caller will take out what is left in its account under `ref`, {notice} seconds from now.
    /// @param ref names the organisation
    function giveNotice(bytes32 ref) external {
        bytes32 key = accountOf(msg.sender, ref);
        Account storage account = _accounts[key];
        require(account.since != 0, VaultNoAccount(key));
        require(account.noticeAt == 0, VaultNotice(account.noticeAt));
        account.noticeAt = uint64(block.timestamp);
        emit NoticeGiven(ref, msg.sender, uint64(block.timestamp) + notice);
    }

    /// @notice Takes the notice back, so that the account can be spent from again.
    /// @param ref names the organisation
    function cancelNotice(bytes32 ref) external {
        Account storage account = _accounts[accountOf(msg.sender, ref)];
        require(account.noticeAt != 0, VaultNotice(0));
        account.noticeAt = 0;
        emit NoticeCancelled(ref, msg.sender);
    }

    /// @notice Pays `to` all that was deposited into the caller's account under `ref` and is neither spent nor withdrawn,
    /// when the notice is over.
    /// @param header of the root in force, all zeros before the first
    /// @param ref names the organisation
    /// @param spent the account's leaf in that root; zero, without proof, when its first deposit is younger than
    /// header.through
    /// @param proof from the leaf to header.spending
    /// @param to who is paid
    function withdraw(Header calldata header, bytes32 ref, uint256 spent, bytes32[] calldata proof, address to)
        external
        nonReentrant
    {
        require(to != address(0) && to != address(this), VaultBadAddress(to));
        bytes32 key = accountOf(msg.sender, ref);
        Account storage account = _accounts[key];
        require(account.noticeAt != 0, VaultNotice(0));
        uint256 until = uint256(account.noticeAt) + notice;
        require(block.timestamp >= until, VaultTooEarly(until));
        Head memory head = _now();
        _requireInForce(header, head);
        if (account.since > header.through) {
            require(spent == 0 && proof.length == 0, VaultBadProof());
        } else {
            require(MerkleProof.verifyCalldata(proof, header.spending, leafOf(key, spent)), VaultBadProof());
        }
        uint256 left = account.deposited - account.withdrawn;
        require(spent < left, VaultNothingToWithdraw(left, spent));
        uint256 amount = left - spent;
        uint256 kept = funds - amount;
        // A pending root has no smaller sum than the one in force, and must stay covered too.
        uint256 needed = head.state == State.None ? header.spent : head.pendingSpent;
        require(kept >= needed, VaultUnderfunded(needed, kept));

        account.noticeAt = 0;
        // forge-lint: disable-next-line(unsafe-typecast)
        uint128 out = uint128(amount); // not above funds
        account.withdrawn += out;
        withdrawn += out;
        funds -= out;
        token.safeTransfer(to, amount);
        emit Withdrawn(ref, msg.sender, to, amount);
    }

    // The poster's succession

    /// @notice Offers the poster's place to `next`, who takes it by {acceptPoster}; zero takes the offer back.
    /// @param next who may take it
    function offerPoster(address next) external {
        require(msg.sender == poster, VaultNotPoster(msg.sender));
        offered = next;
    }

    /// @notice Takes the poster's place, between two roots: a pending one still has the old poster's bond at stake.
    function acceptPoster() external {
        require(msg.sender == offered && msg.sender != adjudicator, VaultBadAddress(msg.sender));
        Head memory head = _now();
        require(head.state == State.None, VaultRootPending(head.epoch + 1));
        _setPoster(msg.sender);
    }

    /// @notice Names a new poster when none has posted a root for {notice} seconds. Only the adjudicator can. (A poster with
    /// nothing to pay shows that it is there by a root with the sums of the one before.)
    /// @param next who posts roots from here on
    function recoverPoster(address next) external {
        require(msg.sender == adjudicator, VaultNotAdjudicator(msg.sender));
        require(next != address(0) && next != adjudicator, VaultBadAddress(next));
        uint256 until = uint256(_head.postedAt) + notice;
        require(block.timestamp >= until, VaultTooEarly(until)); // no root can be pending for so long
        _setPoster(next);
    }

    // Inside

    function _setPoster(address next) private {
        emit PosterChanged(poster, next);
        poster = next;
        offered = address(0);
    }

    function _deposit(address owner, bytes32 ref, uint256 amount) private {
        require(owner != address(0), VaultBadAddress(owner));
        require(amount > 0 && amount <= type(uint128).max - funds, VaultBadAmount(amount));
        // forge-lint: disable-next-line(unsafe-typecast)
        uint128 more = uint128(amount); // checked above
        Account storage account = _accounts[accountOf(owner, ref)];
        funds += more;
        account.deposited += more;
        if (account.since == 0) account.since = uint64(block.number);
        _receive(amount);
        emit Deposited(ref, owner, msg.sender, amount);
    }

    /// @dev Fetches `amount` from the caller, which is accounted for already. The guard keeps a token with hooks from being
    /// counted twice.
    function _receive(uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 held = token.balanceOf(address(this));
        uint256 arrived = held - before;
        require(arrived == amount, VaultFeeToken(amount, arrived));
        uint256 accounted = uint256(funds) - paid + bonds;
        require(held >= accounted, VaultShort(accounted, held));
    }

    function _requireBond(address staker) private view {
        if (bond == 0) return;
        uint256 has = bondOf[staker];
        require(has >= bond, VaultBondTooSmall(bond, has));
    }

    /// @dev Nothing that a header says can shrink, and no sum can be above the money that is here.
    function _requireGrowth(Header calldata before, Header calldata header) private view {
        (uint256 total, uint256 spent) = (header.total, header.spent);
        require(total >= before.total, VaultTotalShrinks(before.total, total));
        require(spent >= before.spent, VaultSpentShrinks(before.spent, spent));
        require(total <= spent, VaultOverspent(total, spent));
        require(spent <= funds, VaultUnderfunded(spent, funds));
        bool known = header.through >= before.through && header.through < block.number;
        require(known, VaultBadThrough(before.through, header.through));
        require(header.logSize >= before.logSize, VaultBadLogSize(before.logSize, header.logSize));
    }

    function _requireInForce(Header calldata header, Head memory head) private view {
        require(header.hashOf() == _roots[head.turn], VaultNotInForce(header.epoch));
    }

    /// @dev The head as time has made it, which nobody needs to write down for it to hold.
    function _now() private view returns (Head memory head) {
        head = _head;
        if (head.state == State.Waiting) {
            if (block.timestamp >= uint256(head.postedAt) + delay) _takesEffect(head);
        } else if (head.state == State.Blocked) {
            if (block.timestamp >= uint256(_objection.since) + judgement) head.state = State.None;
        }
    }

    function _takesEffect(Head memory head) private pure {
        head.state = State.None;
        head.epoch += 1;
        head.turn = 1 - head.turn;
    }

    /// @dev Like {_now}, and tells of a root that silence has voided. The caller writes the head.
    function _settled() private returns (Head memory head) {
        head = _now();
        if (_head.state == State.Blocked && head.state == State.None) {
            emit RootVoided(head.epoch + 1, _roots[1 - head.turn]);
        }
    }

    /// @dev Notes that `account` is paid up to `cumulative`, and returns the difference.
    function _settle(address account, uint256 cumulative) private returns (uint256 due) {
        uint256 before = claimed[account];
        if (cumulative <= before) return 0;
        claimed[account] = cumulative;
        return cumulative - before;
    }

    /// @dev Adds `sum` to what was paid, within what the root promised.
    function _count(uint256 sum, uint256 total) private {
        uint256 paid_ = paid + sum;
        require(paid_ <= total, VaultOverpaid(paid_, total));
        // forge-lint: disable-next-line(unsafe-typecast)
        paid = uint128(paid_); // not above total, which is not above what was deposited
    }

    function _payoutLeaf(address account, uint256 cumulative) private pure returns (bytes32) {
        return leafOf(bytes32(uint256(uint160(account))), cumulative);
    }
}

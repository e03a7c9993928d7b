// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title The vault that respondents are paid from
/// @notice Requesters deposit a token; the poster puts one Merkle root per epoch; anybody may claim for any account of
/// the newest root, and the money always goes to that account.
///
/// A leaf says what an account may have been paid in all since the beginning, and the vault remembers what it was paid,
/// so that a claim made twice pays once and an account that skipped an epoch loses nothing. Leaves are hashed as by
/// OpenZeppelin's StandardMerkleTree: keccak256(bytes.concat(keccak256(abi.encode(account, cumulative)))).
///
/// Whatever the poster does, the vault pays no more than the newest root's total, which is no more than was deposited.
/// A claim leaves no event of its own: the token's Transfer from the vault says who was paid how much.
///
/// NOTE: for the dev chain only; a later vault replaces it. It does not protect a respondent from a poster who leaves
/// an account out of a root or lowers its sum, nor a requester from one who pays the wrong accounts: there is no dispute,
/// no delay, no exit for depositors, and no way to replace a lost poster key.
///
/// NOTE: one account that the token refuses to pay makes a {claimMany} that names it fail as a whole. The relayer leaves
/// it out of the batch.
///
/// NOTE: tokens sent here without {deposit} are not counted and cannot be taken out. Tokens that take a fee on transfer
/// are counted as received; tokens that change balances on their own (rebasing) must not be used.
contract Vault is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice The token that the vault keeps.
    IERC20 public immutable token;

    /// @notice The only account that may post roots.
    address public immutable poster;

    /// @notice The block at which the vault was made: no deposit is older. (On chains where block.number is that of a
    /// parent chain, a number that is not above it.)
    uint256 public immutable firstBlock;

    /// @notice The root of the newest epoch.
    bytes32 public root;

    /// @notice What the leaves of the newest root sum to.
    uint128 public promised;

    /// @notice What was paid to all accounts since the beginning.
    uint128 public paid;

    /// @notice The newest epoch; zero before the first.
    uint64 public epoch;

    /// @notice What was deposited since the beginning.
    uint128 public deposited;

    /// @notice What an account was paid since the beginning.
    mapping(address account => uint256 cumulative) public claimed;

    /// @notice `amount` arrived from `from`. `ref` names whose money it is.
    event Deposited(bytes32 indexed ref, address indexed from, uint256 amount);

    /// @notice `root` replaces the one of the epoch before.
    event RootPosted(uint64 indexed epoch, bytes32 root, uint256 total);

    /// @dev An account other than the poster tried to post a root.
    error VaultNotPoster(address account);

    /// @dev Epochs follow one another without a gap.
    error VaultWrongEpoch(uint64 expected, uint64 given);

    /// @dev Cumulative sums never shrink, so neither does their total.
    error VaultTotalShrinks(uint256 before, uint256 given);

    /// @dev The root promises more than was deposited.
    error VaultUnderfunded(uint256 total, uint256 deposited);

    /// @dev No token arrived, or more in all than the vault can count.
    error VaultBadAmount(uint256 amount);

    /// @dev The proof does not lead from the leaves to the newest root.
    error VaultBadProof();

    /// @dev The account was paid everything that its leaf allows.
    error VaultNothingToClaim(address account);

    /// @dev The leaves of the newest root sum to more than its total.
    error VaultOverpaid(uint256 paid, uint256 promised);

    /// @dev The lists of accounts and sums are empty or of different lengths.
    error VaultBadBatch(uint256 accounts, uint256 cumulatives);

    /// @param token_ the token to keep
    /// @param poster_ the account that posts roots
    constructor(IERC20 token_, address poster_) {
        token = token_;
        poster = poster_;
        firstBlock = block.number;
    }

    /// @notice Takes `amount` of the token from the caller, who has approved it, for the account that `ref` names.
    /// @dev Counts what arrived, not what was said. The guard keeps a token with hooks from being counted twice.
    function deposit(bytes32 ref, uint256 amount) external nonReentrant {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;

        require(received > 0 && received <= type(uint128).max - deposited, VaultBadAmount(received));
        // forge-lint: disable-next-line(unsafe-typecast)
        deposited += uint128(received);
        emit Deposited(ref, msg.sender, received);
    }

    /// @notice Puts the root of the epoch after the newest. `total` is the sum of its leaves.
    function postRoot(uint64 epoch_, bytes32 root_, uint256 total) external {
        require(msg.sender == poster, VaultNotPoster(msg.sender));
        require(epoch_ == epoch + 1, VaultWrongEpoch(epoch + 1, epoch_));
        require(total >= promised, VaultTotalShrinks(promised, total));
        require(total <= deposited, VaultUnderfunded(total, deposited));

        epoch = epoch_;
        root = root_;
        // forge-lint: disable-next-line(unsafe-typecast)
        promised = uint128(total); // not above deposited, which has this type
        emit RootPosted(epoch_, root_, total);
    }

    /// @notice Pays `account` what it is owed under the newest root. Anybody may call it.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external nonReentrant {
        require(MerkleProof.verifyCalldata(proof, root, _leaf(account, cumulative)), VaultBadProof());

        uint256 due = _settle(account, cumulative);
        require(due > 0, VaultNothingToClaim(account));
        _count(due);
        token.safeTransfer(account, due);
    }

    /// @notice Pays several accounts what they are owed under the newest root, by one proof of all their leaves, which
    /// come in the order of the tree. Accounts that are owed nothing are passed over.
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata flags
    ) external nonReentrant {
        uint256 count = accounts.length;
        require(count > 0 && count == cumulatives.length, VaultBadBatch(count, cumulatives.length));

        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = _leaf(accounts[i], cumulatives[i]);
        }
        require(MerkleProof.multiProofVerifyCalldata(proof, flags, root, leaves), VaultBadProof());

        uint256[] memory dues = new uint256[](count);
        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            dues[i] = _settle(accounts[i], cumulatives[i]);
            sum += dues[i];
        }
        _count(sum);
        for (uint256 i = 0; i < count; ++i) {
            if (dues[i] > 0) token.safeTransfer(accounts[i], dues[i]);
        }
    }

    /// @notice The newest epoch, its root, and what its leaves sum to; zeros before the first.
    function newest() external view returns (uint64 epoch_, bytes32 root_, uint256 total) {
        return (epoch, root, promised);
    }

    /// @notice What each account was paid since the beginning.
    function claimedOf(address[] calldata accounts) external view returns (uint256[] memory cumulatives) {
        cumulatives = new uint256[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            cumulatives[i] = claimed[accounts[i]];
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
    function _count(uint256 sum) private {
        uint256 paid_ = paid + sum;
        require(paid_ <= promised, VaultOverpaid(paid_, promised));
        // forge-lint: disable-next-line(unsafe-typecast)
        paid = uint128(paid_); // not above promised, which has this type
    }

    function _leaf(address account, uint256 cumulative) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }
}

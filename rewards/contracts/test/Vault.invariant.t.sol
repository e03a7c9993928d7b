// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Header} from "../src/Header.sol";
import {TestToken} from "../src/TestToken.sol";
import {Vault} from "../src/Vault.sol";
import {Cheats} from "./Cheats.sol";
import {Tree} from "./Tree.sol";

/// @dev Drives a vault through random histories of deposits, roots good and bad, watchers, judgements, claims, notices and
/// withdrawals, with time passing, and keeps its own books. The poster is honest at times; a bad root is always blocked in
/// time, by the watcher that stands for all of them.
contract History is Cheats {
    uint256 public constant PEOPLE = 5;
    uint256 public constant ORGS = 3;
    uint256 public constant BOND = 1001;
    uint64 private constant DELAY = 1 hours;
    uint64 private constant JUDGEMENT = 2 days;
    uint64 private constant NOTICE = 3 * DELAY + 2 * JUDGEMENT; // the shortest there is
    address private constant POSTER = address(0xA11CE);
    address private constant WATCHER = address(0x3A7C4);
    address private constant COURT = address(0xC0047);

    /// @dev A header with what its trees were made of.
    struct Root {
        Header header;
        uint256[] sums;
        uint256[] spent;
        bool good;
    }

    TestToken public immutable token;
    Vault public immutable vault;

    uint256 public deposits;
    uint256 public withdrawals;
    uint256 public paid;
    uint256[] public owed; // what each person has earned in all
    uint256[] public spent; // what each organisation has spent in all
    uint256[] public put; // what each organisation has deposited
    uint256[] public taken; // what each organisation has taken out
    bool[] public leaving; // is under notice, and spends no more

    // What must never shrink, as it was seen last.
    uint256 public seenEpoch;
    uint256 public seenTotal;
    uint256 public seenSpent;
    bool public shrank;

    Root private inForce;
    Root private waiting; // of the epoch after the one in force, when there is one

    constructor() {
        vm.warp(1_800_000_000);
        vm.roll(100);
        token = new TestToken(address(this));
        vault = new Vault(Vault.Terms(token, POSTER, COURT, DELAY, JUDGEMENT, NOTICE, BOND));
        for (uint256 i = 0; i < PEOPLE; ++i) {
            owed.push(0);
        }
        for (uint256 i = 0; i < ORGS; ++i) {
            spent.push(0);
            put.push(0);
            taken.push(0);
            leaving.push(false);
            approve(org(i));
        }
        approve(POSTER);
        approve(WATCHER);
        refill(POSTER);
        refill(WATCHER);
    }

    // What happens

    function deposit(uint8 who, uint64 amount) external {
        uint256 o = who % ORGS;
        uint256 sum = uint256(amount) + 1;
        token.mint(org(o), sum);
        vm.prank(org(o));
        vault.deposit(org(o), ref(o), sum);
        put[o] += sum;
        deposits += sum;
        time(10 minutes);
    }

    /// @dev A person earns from an organisation, which pays a seventh on top that nobody claims.
    function earn(uint8 who, uint8 from, uint64 amount) external {
        uint256 o = from % ORGS;
        if (leaving[o]) return;
        uint256 free = put[o] - taken[o] - spent[o];
        uint256 sum = free == 0 ? 0 : uint256(amount) % (free + 1);
        spent[o] += sum;
        owed[who % PEOPLE] += sum - sum / 7;
    }

    function postGood(bool claimsAtOnce) external {
        sync();
        if (waiting.header.epoch != 0) return expectPending();
        refill(POSTER);
        post(owed, spent, true);
        if (claimsAtOnce) forgeUnderWaiting();
    }

    /// @dev The poster gives itself what it likes, in one of several ways that the vault cannot see.
    function postBad(uint8 how, uint64 amount) external {
        sync();
        if (waiting.header.epoch != 0) return expectPending();
        refill(POSTER);
        (uint256[] memory sums, uint256[] memory costs) = (owed, spent);
        if (how % 3 == 0) sums[how % PEOPLE] = 0; // forgets a person
        if (how % 3 == 1) costs[how % ORGS] = 0; // forgets what an organisation spent, who could then take it out
        if (how % 3 == 2) {
            uint256 free = vault.funds() - total(costs);
            uint256 more = free == 0 ? 0 : uint256(amount) % (free + 1);
            sums[how % PEOPLE] += more; // pays one who has not earned it
            costs[how % ORGS] += more;
        }
        if (!post(sums, costs, false)) return;
        refill(WATCHER);
        vm.prank(WATCHER);
        vault.blockRoot(waiting.header, keccak256("bad"));
        forgeUnderWaiting();
    }

    /// @dev A root whose sums the vault must refuse itself.
    function postImpossible(uint8 how) external {
        sync();
        if (waiting.header.epoch != 0) return expectPending();
        refill(POSTER);
        Header memory h = make(owed, spent);
        Header memory before = inForce.header;
        if (how % 5 == 0) h.spent = uint256(vault.funds()) + 1;
        if (how % 5 == 1) h.total = h.spent + 1;
        if (how % 5 == 2) h.epoch += how;
        if (how % 5 == 3) h.through = uint64(block.number);
        if (how % 5 == 4) (before.total, before.spent) = (0, before.spent + 1); // so that sums could shrink
        vm.expectRevert();
        vm.prank(POSTER);
        vault.postRoot(before, h);
    }

    /// @dev A watcher who blocks a good root pays for it, or nobody does when the adjudicator is silent.
    function blockGood() external {
        sync();
        if (waiting.header.epoch == 0 || !waiting.good) return;
        refill(WATCHER);
        (,,, uint8 state,) = vault.pending();
        if (state != 1) return;
        vm.prank(WATCHER);
        vault.blockRoot(waiting.header, keccak256("spite"));
    }

    function judge() external {
        sync();
        (uint64 epoch,,, uint8 state,) = vault.pending();
        if (state != 2) return;
        vm.prank(COURT);
        vault.judge(epoch, waiting.good);
        if (waiting.good) inForce = waiting;
        delete waiting;
    }

    function claim(uint8 who) external {
        sync();
        if (inForce.header.epoch == 0) return;
        uint256 p = who % PEOPLE;
        (bytes32[] memory all,) = trees(inForce.sums, inForce.spent);
        uint256 due = inForce.sums[p] - vault.claimed(person(p));
        if (due == 0) vm.expectRevert(abi.encodeWithSelector(Vault.VaultNothingToClaim.selector, person(p)));
        vault.claim(inForce.header, person(p), inForce.sums[p], Tree.proof(all, p));
        paid += due;
    }

    function claimAll() external {
        sync();
        if (inForce.header.epoch == 0) return;
        bool[] memory flags = new bool[](PEOPLE - 1);
        for (uint256 i = 0; i < flags.length; ++i) {
            flags[i] = true;
        }
        vault.claimMany(inForce.header, people(), inForce.sums, new bytes32[](0), flags);
        paid = total(inForce.sums);
    }

    function forge(uint8 who, uint64 more) external {
        sync();
        if (inForce.header.epoch == 0) return;
        uint256 p = who % PEOPLE;
        (bytes32[] memory all,) = trees(inForce.sums, inForce.spent);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultBadProof.selector));
        vault.claim(inForce.header, person(p), inForce.sums[p] + more + 1, Tree.proof(all, p));
    }

    function giveNotice(uint8 who) external {
        uint256 o = who % ORGS;
        if (put[o] == 0 || leaving[o]) return;
        vm.prank(org(o));
        vault.giveNotice(ref(o));
        leaving[o] = true;
    }

    function cancelNotice(uint8 who) external {
        uint256 o = who % ORGS;
        if (!leaving[o]) return;
        vm.prank(org(o));
        vault.cancelNotice(ref(o));
        leaving[o] = false;
    }

    function withdraw() external {
        sync();
        for (uint256 o = 0; o < ORGS; ++o) {
            if (put[o] > 0) takeOut(o);
        }
    }

    function takeBonds() external {
        (,,, uint8 state, address watcher) = vault.pending();
        takeBond(POSTER, state != 0);
        takeBond(WATCHER, watcher == WATCHER);
        takeBond(COURT, false);
    }

    function timePasses(uint16 minutes_) external {
        time(uint256(minutes_) * 1 minutes / 2);
        sync();
    }

    // What must hold

    /// @dev Everybody leaves, with operator, watchers and adjudicator gone. The history ends with it.
    function everybodyLeaves() external {
        time(DELAY + JUDGEMENT + NOTICE);
        sync();
        if (inForce.header.epoch != 0) {
            for (uint256 p = 0; p < PEOPLE; ++p) {
                (bytes32[] memory all,) = trees(inForce.sums, inForce.spent);
                uint256 due = inForce.sums[p] - vault.claimed(person(p));
                if (due > 0) vault.claim(inForce.header, person(p), inForce.sums[p], Tree.proof(all, p));
                vm.assertEq(token.balanceOf(person(p)), inForce.sums[p], "a person got what the root gives");
            }
        }
        for (uint256 o = 0; o < ORGS; ++o) {
            if (put[o] > 0 && !leaving[o]) {
                vm.prank(org(o));
                vault.giveNotice(ref(o));
                leaving[o] = true;
            }
        }
        time(NOTICE);
        for (uint256 o = 0; o < ORGS; ++o) {
            if (put[o] > 0) takeOut(o);
            uint256 gone = inForce.header.epoch == 0 ? 0 : inForce.spent[o];
            vm.assertEq(token.balanceOf(org(o)), put[o] - gone, "an organisation got what the root leaves");
        }
        uint256 fees = inForce.header.epoch == 0 ? 0 : inForce.header.spent - inForce.header.total;
        vm.assertEq(token.balanceOf(address(vault)), fees + vault.bonds(), "only unclaimed fees and bonds are left");
    }

    function person(uint256 i) public pure returns (address) {
        return address(uint160(0x1000 + i * i));
    }

    function org(uint256 i) public pure returns (address) {
        return address(uint160(0x2000 + i));
    }

    /// @dev Brings what was seen last up to date.
    function look() external {
        sync();
    }

    // Inside

    /// @dev What the vault must think by now: our own reading of the rules.
    function sync() private {
        if (waiting.header.epoch != 0) {
            (,,, uint8 state,) = vault.pending();
            if (state == 0) {
                (uint64 epoch,) = vault.effective();
                if (epoch == waiting.header.epoch) {
                    require(waiting.good, "a bad root took effect");
                    inForce = waiting;
                }
                delete waiting;
            }
        }
        (uint64 now_, bytes32 headerHash) = vault.effective();
        bool same = now_ == inForce.header.epoch && headerHash == keccak256(abi.encode(inForce.header));
        require(same, "another root is in force");
        (uint256 sum, uint256 cost) = (inForce.header.total, inForce.header.spent);
        if (now_ < seenEpoch || sum < seenTotal || cost < seenSpent) shrank = true;
        (seenEpoch, seenTotal, seenSpent) = (now_, sum, cost);
    }

    function takeOut(uint256 o) private {
        (bool over, bytes32[] memory proof, uint256 gone) = standing(o);
        uint256 rest = put[o] - taken[o];
        // What was spent after the root in force is owed to people: an operator that is there posts it before the notice is
        // over. One who has not posted it loses it, so this history waits with it until it has.
        if (over && gone != spent[o] && waiting.header.epoch != 0) return;
        if (over && gone < spent[o]) forgive(o, spent[o] - gone);
        // A pending root, also a bad one until it is void, keeps its sum in the vault.
        bool kept = waiting.header.epoch == 0 || vault.funds() - (rest - gone) >= waiting.header.spent;
        bool refused = !over || gone == rest || !kept;
        if (refused) vm.expectRevert();
        vm.prank(org(o));
        vault.withdraw(inForce.header, ref(o), gone, proof, org(o));
        if (refused) return;
        taken[o] += rest - gone;
        withdrawals += rest - gone;
        leaving[o] = false;
    }

    /// @dev Whether the notice is over, and what the root in force says was spent.
    function standing(uint256 o) private view returns (bool over, bytes32[] memory proof, uint256 gone) {
        (,, uint64 since, uint64 noticeAt) = vault.accountInfo(vault.accountOf(org(o), ref(o)));
        over = noticeAt != 0 && this.clock() >= uint256(noticeAt) + NOTICE;
        if (inForce.header.epoch == 0 || since > inForce.header.through) return (over, proof, 0);
        (, bytes32[] memory all) = trees(inForce.sums, inForce.spent);
        return (over, Tree.proof(all, o), inForce.spent[o]);
    }

    /// @dev What people earned from an organisation that no root has is gone with the organisation's money.
    function forgive(uint256 o, uint256 lost) private {
        spent[o] -= lost;
        uint256 most = total(spent);
        for (uint256 p = 0; p < PEOPLE && total(owed) > most; ++p) {
            uint256 floor_ = inForce.header.epoch == 0 ? 0 : inForce.sums[p];
            uint256 over = total(owed) - most;
            uint256 can = owed[p] - floor_;
            owed[p] -= over < can ? over : can;
        }
    }

    function post(uint256[] memory sums, uint256[] memory costs, bool good) private returns (bool) {
        Header memory h = make(sums, costs);
        vm.prank(POSTER);
        try vault.postRoot(inForce.header, h) {}
        catch {
            require(!good, "a good root was refused");
            return false;
        }
        waiting = Root(h, sums, costs, good);
        return true;
    }

    function make(uint256[] memory sums, uint256[] memory costs) private returns (Header memory h) {
        time(1);
        (bytes32[] memory people_, bytes32[] memory orgs) = trees(sums, costs);
        (h.epoch, h.payouts, h.spending) = (inForce.header.epoch + 1, people_[0], orgs[0]);
        (h.total, h.spent, h.through) = (total(sums), total(costs), uint64(block.number - 1));
    }

    function forgeUnderWaiting() private {
        (bytes32[] memory all,) = trees(waiting.sums, waiting.spent);
        bytes32[] memory proof = Tree.proof(all, 0);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultNotInForce.selector, waiting.header.epoch));
        vault.claim(waiting.header, person(0), waiting.sums[0], proof);
    }

    function expectPending() private {
        Header memory h = make(owed, spent);
        vm.expectRevert(abi.encodeWithSelector(Vault.VaultRootPending.selector, waiting.header.epoch));
        vm.prank(POSTER);
        vault.postRoot(inForce.header, h);
    }

    function trees(uint256[] memory sums, uint256[] memory costs)
        private
        view
        returns (bytes32[] memory people_, bytes32[] memory orgs)
    {
        bytes32[] memory keys = new bytes32[](ORGS);
        for (uint256 i = 0; i < ORGS; ++i) {
            keys[i] = vault.accountOf(org(i), ref(i));
        }
        return (Tree.nodes(people(), sums), Tree.nodes(keys, costs));
    }

    function people() private pure returns (address[] memory all) {
        all = new address[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            all[i] = person(i);
        }
    }

    function ref(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("org", i));
    }

    function approve(address who) private {
        vm.prank(who);
        token.approve(address(vault), type(uint256).max);
    }

    function refill(address who) private {
        uint256 has = vault.bondOf(who);
        if (has >= BOND) return;
        token.mint(who, BOND - has);
        vm.prank(who);
        vault.putBond(BOND - has);
    }

    function takeBond(address who, bool locked) private {
        uint256 has = vault.bondOf(who);
        if (has == 0) return;
        if (locked) vm.expectRevert();
        vm.prank(who);
        vault.takeBond(has);
    }

    function time(uint256 seconds_) private {
        vm.warp(this.clock() + seconds_);
        vm.roll(block.number + 1 + seconds_ / 12);
    }

    function clock() external view returns (uint256) {
        return block.timestamp;
    }

    function total(uint256[] memory sums) private pure returns (uint256 s) {
        for (uint256 i = 0; i < sums.length; ++i) {
            s += sums[i];
        }
    }
}

contract VaultInvariants is Cheats {
    /// @dev What forge asks for by this name.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    History private history;

    function setUp() public {
        history = new History();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function excludeSelectors() public view returns (FuzzSelector[] memory selectors) {
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(history), new bytes4[](1));
        selectors[0].selectors[0] = History.everybodyLeaves.selector;
    }

    /// @dev One function, so that each history is made once.
    function invariant_vault() public {
        Vault vault = history.vault();
        TestToken token = history.token();

        // Money is conserved.
        uint256 out = 0;
        for (uint256 i = 0; i < history.PEOPLE(); ++i) {
            uint256 got = token.balanceOf(history.person(i));
            out += got;
            // Nobody is paid twice.
            vm.assertEq(got, vault.claimed(history.person(i)), "paid and noted");
            vm.assertLe(got, history.owed(i), "paid and earned");
        }
        vm.assertEq(vault.deposited(), history.deposits(), "deposited");
        vm.assertEq(vault.withdrawn(), history.withdrawals(), "withdrawn");
        vm.assertEq(vault.paid(), out, "paid");
        vm.assertEq(vault.paid(), history.paid(), "paid, by our books");
        uint256 kept = token.balanceOf(address(vault));
        vm.assertEq(kept + out + vault.withdrawn(), vault.deposited() + vault.bonds(), "in and out");

        // Nothing is paid that was not deposited and spent.
        history.look();
        (uint256 total, uint256 spent) = (history.seenTotal(), history.seenSpent());
        vm.assertLe(vault.paid(), total, "paid and promised");
        vm.assertLe(total, spent, "promised and spent");
        vm.assertLe(spent, vault.funds(), "spent and there");

        // Epochs and their sums only grow.
        vm.assertEq(history.shrank() ? 1 : 0, 0, "shrank");
    }

    /// @dev After each history, whatever state it left behind.
    function afterInvariant() public {
        history.everybodyLeaves();
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice How a question ended.
/// @dev None: it has not. Decided: the confidence asked for was reached. Undecided: time or answers ran out before, and the
/// choice is the likeliest. Unanswered: the quorum was not reached by the deadline, and there is no choice.
enum Outcome {
    None,
    Decided,
    Undecided,
    Unanswered
}

/// @notice What people said.
/// @param id of the question, as {Oracle.ask} returned it
/// @param outcome how the question ended
/// @param choice index into the options
/// @param confidencePpm probability that the choice is right, in millionths
/// @param answers how many answers it rests on
/// @param verdictHash hash of the public record, by which the verdict can be recomputed
struct Verdict {
    uint256 id;
    Outcome outcome;
    uint16 choice;
    uint32 confidencePpm;
    uint32 answers;
    bytes32 verdictHash;
}

/// @title What a contract that asks is called by
interface IVerdictReceiver {
    /// @notice The verdict has come. Check that the caller is the oracle. A revert is no harm: the call can be made again.
    /// @param verdict what people said
    function onVerdict(Verdict calldata verdict) external;
}

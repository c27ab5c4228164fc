using ChainCrm.Domain;

namespace ChainCrm.Grains;

/// <summary>A command on its way to a grain.</summary>
/// <param name="Grain">Which grain decides.</param>
/// <param name="CommandId">The idempotency key within that grain; the same id takes effect once, for ever.</param>
/// <param name="Fingerprint">Hash of what the caller asked (keyed where that may hold personal data), so that the same id with another content is refused; 0 when the id is derived from the content.</param>
/// <param name="Command">The domain command, e.g. a <see cref="Domain.Customers.RecordPurchase"/>.</param>
public readonly record struct GrainCommand(GrainId Grain, string CommandId, ulong Fingerprint, object Command);

/// <summary>How a command ended.</summary>
public enum ReplyKind
{
    /// <summary>Recorded and durable.</summary>
    Accepted,
    /// <summary>The same command was recorded before; the entry is that one.</summary>
    Repeated,
    /// <summary>The state already is as wanted; nothing was recorded.</summary>
    AlreadySo,
    /// <summary>Refused; nothing was recorded.</summary>
    Refused,
}

/// <summary>The answer to a command. What a caller shows is a function of <see cref="Entry"/> alone, so a repeated command gets the same answer.</summary>
public readonly record struct CommandReply(ReplyKind Kind, CommittedEntry? Entry, Rejection? Rejection)
{
    /// <summary>Nothing stands against going on.</summary>
    public bool IsOk => Kind != ReplyKind.Refused;
}

/// <summary>A committed entry with its events decoded.</summary>
public sealed record CommittedEntry(
    long Position, GrainId Grain, long Version, string CommandId, long TimeMs, int ProgrammeVersion, ulong Fingerprint,
    WakeUp WakeUp, IReadOnlyList<object> Events);

/// <summary>What an entry says about the grain's next wake-up: unchanged, none any more, or at a time.</summary>
/// <param name="Changed">False when the entry leaves the agenda as it was.</param>
/// <param name="AtMs">The new time, milliseconds since 1970; null for none.</param>
public readonly record struct WakeUp(bool Changed, long? AtMs);

/// <summary>The small interface both engines offer: ask a grain, read a grain, tail the feed.</summary>
public interface IEngine
{
    /// <summary>
    /// Asks a grain to decide. Completes after the commit, and only then. Never throws for business reasons or for a failing
    /// journal: those are refusals with <see cref="Rejection.MayPassLater"/> (see <see cref="EngineRejections"/>).
    /// </summary>
    ValueTask<CommandReply> AskAsync(GrainCommand command);

    /// <summary>
    /// Reads a grain's state in its turn. <paramref name="read"/> runs synchronously on the grain's own thread: it must not keep the
    /// state, block or throw. The result arrives only after everything it shows is durable.
    /// </summary>
    /// <returns>The result, or a refusal that may pass later.</returns>
    ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class;

    /// <summary>Committed entries in journal order.</summary>
    IFeed Feed { get; }
}

/// <summary>The answer to a read.</summary>
public readonly record struct ReadReply<TResult>(TResult? Value, Rejection? Rejection);

/// <summary>Committed entries in journal order, for read models, the agenda and the wall.</summary>
public interface IFeed
{
    /// <summary>Position of the newest committed entry.</summary>
    long Head { get; }

    /// <summary>
    /// Entries after a position, waiting until there is at least one. Recent ones come from memory, older ones from the journal, so a
    /// slow reader costs the tills nothing.
    /// </summary>
    ValueTask<IReadOnlyList<CommittedEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation);

    /// <summary>
    /// Says that the regular readers have all taken the entries up to here, so that they need not be kept in memory any longer: what is kept is
    /// walked and moved by the garbage collector again and again. A hint: whoever asks for them later gets them from the journal.
    /// </summary>
    void Release(long position);
}

namespace ChainCrm.Grains.Agenda;

/// <summary>A grain that wants to be woken.</summary>
/// <param name="Stream">The grain.</param>
/// <param name="DueMs">When, milliseconds since 1970.</param>
/// <param name="TryMs">When to try: <paramref name="DueMs"/>, or later after a refusal that may pass.</param>
/// <param name="Attempts">Refusals so far.</param>
/// <param name="Cause">Position of the entry that put it on the agenda; makes the wake-up's command id its own.</param>
internal readonly record struct AgendaRow(string Stream, long DueMs, long TryMs, int Attempts, long Cause);

/// <summary>
/// What the agenda is kept in: one row per grain that wants to be woken, changed in one transaction with the feed position it follows. One caller at a time. A change whose
/// outcome is unknown may be made again.
/// </summary>
internal interface IAgendaTable : IAsyncDisposable
{
    /// <summary>Position of the newest entry the rows show.</summary>
    ValueTask<long> PositionAsync(CancellationToken cancellation);

    /// <summary>The soonest time at which something is to be tried; null when nothing is.</summary>
    ValueTask<long?> NextTryAsync(CancellationToken cancellation);

    /// <summary>Puts on and takes off what entries up to <paramref name="last"/> say; a row without a time is taken off.</summary>
    ValueTask ApplyAsync(IReadOnlyDictionary<string, AgendaRow?> changes, CommittedEntry last, CancellationToken cancellation);

    /// <summary>What is to be tried at a time, soonest first.</summary>
    ValueTask<IReadOnlyList<AgendaRow>> DueAsync(long nowMs, int max, CancellationToken cancellation);

    /// <summary>Takes off what was woken and moves what was postponed, unless the grain has meanwhile said something else.</summary>
    ValueTask SettleAsync(IReadOnlyCollection<(AgendaRow Row, long? TryAgainMs)> outcomes, CancellationToken cancellation);

    /// <summary>What was put off beyond a time is to be tried at its own time again: a clock put it off that has been set back since.</summary>
    ValueTask ForgetPostponingAsync(long beyondMs, CancellationToken cancellation);
}

namespace ChainCrm.Journal.Moving;

/// <summary>
/// Copies one journal into another that is empty or holds the beginning of the first: every entry with its position, stream, version, command id, time and bytes as
/// they are. It appends by the journals' contract, which keeps all of these: positions are 1, 2, 3 ... in both, and the time is the caller's. So a copy
/// may end anywhere, and another one goes on where it ended. Nobody else may append to either journal meanwhile; the copy notices when somebody does.
/// </summary>
public sealed class JournalCopy
{
    private readonly IJournal source, target;
    private readonly Patience reading, writing;

    /// <param name="source">Read from its beginning, or from where the target ends, to the head it has when the copy begins.</param>
    /// <param name="target">Appended to.</param>
    /// <param name="notice">Told when a journal does not answer and is asked again; may be null.</param>
    public JournalCopy(IJournal source, IJournal target, Action<string>? notice = null)
        : this(source, target, notice, TimeSpan.FromMilliseconds(JournalLimits.CopyPatienceMs))
    {
    }

    internal JournalCopy(IJournal source, IJournal target, Action<string>? notice, TimeSpan patience)
    {
        (this.source, this.target) = (source, target);
        (reading, writing) = (new(patience, notice), new(patience, notice));
    }

    /// <summary>Says whether the target is empty or ends with an entry that the source holds at the same position: whether a copy can go on there.</summary>
    /// <exception cref="JournalUnavailableException">One of them can't be read now.</exception>
    public async Task<bool> CanContinueAsync(CancellationToken cancellation)
    {
        var head = target.Head;
        if (head == 0) return true;
        if (head > source.Head) return false;
        var (there, here) = (await reading.ReadAfterAsync(target, head - 1, 1, cancellation).ConfigureAwait(false), await reading.ReadAfterAsync(source, head - 1, 1, cancellation).ConfigureAwait(false));
        return there is [var last] && here is [var same] && EntryDigest.Difference(same, last) is null;
    }

    /// <summary>Copies what the target lacks.</summary>
    /// <param name="progress">Told how many entries were copied since it was last told.</param>
    /// <param name="cancellation">Stops between two batches; what is copied stays.</param>
    /// <returns>How many entries were copied.</returns>
    /// <exception cref="JournalUnavailableException">A journal did not answer for <see cref="JournalLimits.CopyPatienceMs"/>, or a disk is full.</exception>
    /// <exception cref="JournalUnusableException">The source has a gap or versions out of order, or somebody else appends to the target.</exception>
    public async Task<long> RunAsync(Action<long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var (first, upto) = (target.Head, source.Head);
        if (first >= upto) return 0;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The next page is read while this one is written.
        var next = PageAsync(first, upto, ended.Token);
        try
        {
            for (var at = first; at < upto;)
            {
                var page = await next.ConfigureAwait(false);
                at += page.Count;
                next = at < upto ? PageAsync(at, upto, ended.Token) : next;
                await AppendAsync(page, cancellation).ConfigureAwait(false);
                progress(page.Count);
            }

            return upto - first;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            // A page that nobody will take any more: how its reading ends is of no interest.
            await next.ContinueWith(static ending => _ = ending.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<JournalEntry>> PageAsync(long after, long upto, CancellationToken cancellation)
    {
        var page = await reading.ReadAfterAsync(source, after, (int)Math.Min(JournalLimits.CopyBatchEntries, upto - after), cancellation).ConfigureAwait(false);
        for (var i = 0; i < page.Count; i++)
        {
            if (page[i].Position != after + i + 1) throw new JournalUnusableException(FormattableString.Invariant($"The source is damaged: position {after + i + 1} is missing."));
        }

        return page.Count > 0 ? page : throw new JournalUnusableException(FormattableString.Invariant($"The source is damaged: it ends at position {after}, before {upto}."));
    }

    private async Task AppendAsync(IReadOnlyList<JournalEntry> page, CancellationToken cancellation)
    {
        // That the source holds each command once is its own promise; what is compared here are the versions, and commands within the batch.
        var batch = new EntryToAppend[page.Count];
        for (var i = 0; i < batch.Length; i++) batch[i] = new(page[i].Stream, page[i].Version - 1, page[i].CommandId, CommandIsNew: true, page[i].TimeMs, page[i].Data);
        while (true)
        {
            var refused = false;
            try
            {
                var result = await target.AppendAsync(batch, cancellation).ConfigureAwait(false);
                writing.Answered();
                if (result.Committed && result.FirstPosition == page[0].Position) return;
                refused = !result.Committed;
                if (!refused) throw Foreign(page[0].Position);
            }
            catch (JournalUnavailableException fault)
            {
                await writing.WaitAsync(fault, cancellation).ConfigureAwait(false);
            }

            // Without an answer the batch may be there all the same, now or before it is sent again, which is then refused. It is there whole or not at all.
            if (await writing.ReadAfterAsync(target, page[0].Position - 1, 1, cancellation).ConfigureAwait(false) is [var held])
            {
                if (EntryDigest.Difference(page[0], held) is null) return;
                throw Foreign(page[0].Position);
            }

            if (refused)
            {
                throw new JournalUnusableException(FormattableString.Invariant(
                    $"The source is damaged between the positions {page[0].Position} and {page[^1].Position}: versions of a stream do not follow one another there, or a command is in its stream twice."));
            }
        }
    }

    private static JournalUnusableException Foreign(long position) =>
        new(FormattableString.Invariant($"Somebody else has written to the target at position {position}. Stop what writes there and start over."));
}

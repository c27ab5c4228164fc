using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;

namespace ChainCrm.Grains.Runtime;

/// <summary>Brings grains and older entries back from the journal. Thread-safe; what it returns belongs to the caller.</summary>
public sealed class GrainLoader(IJournal journal, ISnapshotStore snapshots, GrainCatalog catalog)
{
    /// <summary>Entries read at a time while folding a stream.</summary>
    private const int Page = 512;

    /// <summary>The grain as the journal holds it.</summary>
    /// <param name="grain">Which.</param>
    /// <param name="trustSnapshot">False to fold the whole stream: after a race lost in spite of a fresh load.</param>
    /// <exception cref="JournalUnavailableException">The journal can't read now.</exception>
    /// <exception cref="UnreadableEntryException">The stream can't be folded.</exception>
    public async ValueTask<Activation> LoadAsync(GrainId grain, bool trustSnapshot)
    {
        var activation = Create(grain);
        if (trustSnapshot && await FindSnapshotAsync(grain).ConfigureAwait(false) is { } snapshot && !activation.TryRestore(snapshot))
            activation = Create(grain);
        while (true)
        {
            var entries = await journal.ReadStreamAsync(grain.Stream, activation.Version + 1, Page).ConfigureAwait(false);
            foreach (var entry in entries)
                activation.Fold(EntryCodec.Decode(entry));
            if (entries.Count > 0)
                continue;
            return activation.IsSound ? activation : throw new UnreadableEntryException("The folded state breaks an invariant of its kind.");
        }
    }

    /// <summary>The entry a command caused in a stream; null when there is none.</summary>
    public async ValueTask<CommittedEntry?> FindAsync(GrainId grain, string commandId) =>
        await journal.FindCommandAsync(grain.Stream, commandId).ConfigureAwait(false) is { } entry ? EntryCodec.Decode(entry) : null;

    /// <summary>The older entries a command needs.</summary>
    public async ValueTask<FactsFound> FindAsync(GrainId grain, FactsNeeded needed)
    {
        var byCommand = needed.CommandId is { } id ? await FindAsync(grain, id).ConfigureAwait(false) : null;
        CommittedEntry? byVersion = null;
        if (needed.Version is { } version)
        {
            var entries = await journal.ReadStreamAsync(grain.Stream, version, 1).ConfigureAwait(false);
            byVersion = entries.Count == 1 && entries[0].Version == version ? EntryCodec.Decode(entries[0]) : null;
        }
        return new FactsFound(needed, byCommand, byVersion);
    }

    private async ValueTask<Snapshot?> FindSnapshotAsync(GrainId grain)
    {
        try
        {
            return await snapshots.LoadAsync(grain.Stream).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not ObjectDisposedException)
        {
            // Whatever ails the snapshots, the journal alone is enough; it only takes longer.
            return null;
        }
    }

    private Activation Create(GrainId grain) =>
        catalog.Activate(grain) ?? throw new UnreadableEntryException("No grain of this kind is known.");
}

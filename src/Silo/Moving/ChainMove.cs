using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Commands;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Moving;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Silo.Moving;

/// <summary>
/// Moves the stopped chain of a data folder from one store to the other: copies what the target lacks, reads both sides from beginning to end, and only then puts the source
/// aside and, as the very last step, lets servers open the target. Killed at any moment it leaves the source as it was and a target that no server opens, or, between
/// the last two steps, neither open to a server; run again it goes on from there.
/// </summary>
internal sealed class ChainMove(ServerSettings settings, bool toPostgres, bool startOver, Screen screen)
{
    private readonly string folder = Path.GetFullPath(settings.Data.Folder);
    private readonly KeyFiles keys = new(Path.GetFullPath(settings.Data.Folder));

    /// <summary>Runs the move; true when the chain is in its new place, false when the comparison found a difference.</summary>
    /// <exception cref="JournalUnusableException">A side can't be used for this; the message says which and why.</exception>
    /// <exception cref="JournalUnavailableException">A side can't be reached now, or a disk is full; the same command goes on later.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the same command goes on.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        // The master key stays in the folder whichever store the chain is in: without it the names in the moved journal could not be read.
        if (!File.Exists(keys.MasterKeyFile))
            throw new WrongConfigurationException($"{folder} is not the data folder of a chain: it has no master.key. Name the chain's folder with --data.");
        // Held to the end: a server on either store takes it too.
        using var held = FolderLock.Take(folder);
        RestoreMark.Refuse(folder);
        await using IMovePlace sqlite = new SqlitePlace(settings.Data, folder, held);
        await using IMovePlace postgres = new PostgresPlace(JournalStore.Options(settings.Journal));
        var (source, target) = toPostgres ? (sqlite, postgres) : (postgres, sqlite);
        await AgreeAsync(source, target, cancellation);

        var head = await CopyAsync(source, target, cancellation);
        if (head is not { } verified) return false;
        var moment = Moment.Now();
        await source.SetAsideAsync(string.Create(CultureInfo.InvariantCulture, $"{moment}: the chain with {verified} entries moved from here to {target.Name}."), verified);
        await ReleaseAsync(target, string.Create(CultureInfo.InvariantCulture, $"{moment}: the chain with {verified} entries moved here from {source.Name}."), verified);
        screen.Line($"The chain is on {target.Name} now. Start the server with journal.store={(toPostgres ? "postgres" : "sqlite")}.");
        screen.Line($"{source.Name} is kept as it was, and no server starts on it: {(toPostgres ? new MovedFolder(folder).KeptPath : "it is sealed")}.");
        return true;
    }

    private static async Task ReleaseAsync(IMovePlace target, string note, long head)
    {
        try
        {
            await target.ReleaseAsync(note, head);
        }
        catch (Exception fault) when (fault is JournalUnusableException or JournalUnavailableException)
        {
            throw new JournalUnavailableException($"Everything is copied and verified and the source is put aside, but the target could not be opened to servers: {fault.Message}", fault);
        }
    }

    /// <summary>Sees to it that the source holds a chain and the target is empty or holds a part of a move.</summary>
    private async Task AgreeAsync(IMovePlace source, IMovePlace target, CancellationToken cancellation)
    {
        var (from, to) = (await source.LookAsync(cancellation), await target.LookAsync(cancellation));
        if (to == PlaceState.SetAside && toPostgres)
            throw new JournalUnusableException($"{target.Name} holds the journal of a chain that has moved away. Drop the schema, or choose another one (journal.schema).");
        if (to == PlaceState.Holds)
        {
            throw new JournalUnusableException(from == PlaceState.Holds
                ? $"{target.Name} holds a journal already, or the keys of one; a move needs an empty target. Nothing was touched."
                : $"{target.Name} holds the chain already, and there is nothing to move in {source.Name}. Nothing was touched.");
        }

        if (startOver && to == PlaceState.Filling) await target.StartOverAsync(cancellation);
        // The source is put aside before the target is let go: a move that was killed between the two goes on from the step before.
        if (from == PlaceState.SetAside && to == PlaceState.Filling) await source.TakeBackAsync(cancellation);
        else if (from != PlaceState.Holds) throw new JournalUnusableException($"There is no chain in {source.Name}. Nothing was touched.");
    }

    /// <summary>Copies and compares; the head, or null when a difference was found.</summary>
    private async Task<long?> CopyAsync(IMovePlace source, IMovePlace target, CancellationToken cancellation)
    {
        await using var from = await source.OpenSourceAsync(cancellation);
        if (from.Head == 0) throw new JournalUnusableException($"The journal of {source.Name} is empty: there is nothing to move.");
        var began = Stopwatch.GetTimestamp();
        long before, copied = 0;
        await using (var filling = await target.OpenTargetAsync(cancellation))
        {
            before = filling.Head;
            var copy = new JournalCopy(from, filling, screen.Line);
            if (!await copy.CanContinueAsync(cancellation))
                throw new JournalUnusableException($"{target.Name} holds a part of another chain. With --start-over it is thrown away and copied anew.");
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"{source.Name} -> {target.Name}: {from.Head:N0} entries{(before > 0 ? $", {before:N0} of them are there already" : "")}."));
            await ProgressLine.RunAsync(screen, "Copying", from.Head - before, async progress => copied = await copy.RunAsync(progress, cancellation), cancellation);
        }

        var took = Stopwatch.GetElapsedTime(began);
        var copiedKeys = await CopyKeysAsync(source, target, cancellation);
        // Opened anew, as a server will do: what is compared is what lies on the disk.
        JournalComparisonResult compared;
        await using (var filled = await target.OpenTargetAsync(cancellation))
        {
            compared = null!;
            var comparison = new JournalComparison(from, filled, screen.Line);
            await ProgressLine.RunAsync(screen, "Verifying", from.Head + filled.Head, async progress => compared = await comparison.RunAsync(progress, cancellation), cancellation);
        }

        string? ofKeys;
        await using (var here = source.ReadKeys())
        await using (var there = target.ReadKeys()) ofKeys = await KeyCopy.DifferenceAsync(here, there, cancellation);
        Show(compared, copied, took, copiedKeys, ofKeys);
        return compared.Differences.Count == 0 && ofKeys is null ? compared.Source.Head : null;
    }

    /// <summary>Copies the keys, all of them each time: there is one for each customer, however many entries there are.</summary>
    private async Task<long> CopyKeysAsync(IMovePlace source, IMovePlace target, CancellationToken cancellation)
    {
        // Of a chain on PostgreSQL whose keys were kept in the folder; or this move was killed when they were in place and the journal was not.
        if (!toPostgres && keys.HoldsKeys) await new KeyAdoption(keys, JournalStore.Options(settings.Journal)).RunAsync(NullLogger.Instance, cancellation);
        await using var from = source.ReadKeys();
        if ((await from.SecretsAsync(cancellation)).Count == 0) throw new JournalUnusableException($"There are no customers' keys in {source.Name}: the names in the moved journal could not be read. Bring them back first.");
        await using var to = await target.WriteKeysAsync(cancellation);
        return await KeyCopy.RunAsync(from, to, cancellation);
    }

    private void Show(JournalComparisonResult compared, long copied, TimeSpan took, long copiedKeys, string? ofKeys)
    {
        var (source, target) = (compared.Source, compared.Target);
        screen.Table("Both sides, read from the first entry to the last", ["", "source", "target"],
        [
            ["entries", Number(source.Count), Number(target.Count)],
            ["head", Number(source.Head), Number(target.Head)],
            ["streams", Number(source.Streams), Number(target.Streams)],
            ["SHA-256", source.Digest[..32], target.Digest[..32]],
            ["", source.Digest[32..], target.Digest[32..]],
            ["look-ups compared", Number(compared.LookUps), Number(compared.LookUps)],
        ]);
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{copied:N0} entries copied in {took.TotalSeconds:0.0} s, {copiedKeys:N0} keys of customers."));
        foreach (var difference in compared.Differences) screen.Line($"DIFFERENT: {difference}");
        if (ofKeys is not null) screen.Line($"DIFFERENT: {ofKeys}.");
        screen.Line(compared.Differences.Count == 0 && ofKeys is null
            ? "No difference."
            : "The source is as it was, and no server starts on the target. With --start-over the target is thrown away and copied anew.");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

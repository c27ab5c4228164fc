using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Moving;

/// <summary>The data folder as a side of a move. The folder's lock is held by the move as a whole.</summary>
internal sealed class SqlitePlace(DataSettings settings, string folder, FolderLock held) : IMovePlace
{
    private readonly MovedFolder moved = new(folder);
    private readonly KeyFiles keys = new(folder);

    public string Name => $"SQLite in {folder}";

    public Task<PlaceState> LookAsync(CancellationToken cancellation) => Task.FromResult(
        moved.HoldsJournal ? PlaceState.Holds : moved.IsFilling ? PlaceState.Filling : moved.IsSetAside ? PlaceState.SetAside : PlaceState.Empty);

    public async Task<IJournal> OpenSourceAsync(CancellationToken cancellation)
    {
        // Said at the beginning and not after an hour.
        moved.RefuseKept();
        // What an earlier move here left behind would be taken for an unfinished one once journal.db is put aside.
        moved.DropFilling();
        return await SqliteJournal.OpenAsync(JournalStore.Options(settings, folder) with { HeldLock = held }, cancellation);
    }

    public async Task<IJournal> OpenTargetAsync(CancellationToken cancellation)
    {
        moved.BeginFilling();
        return await SqliteJournal.OpenAsync(JournalStore.Options(settings, moved.Filling) with { Filling = true }, cancellation);
    }

    public IWrappedKeys ReadKeys()
    {
        if (!moved.HoldsJournal) return new SqliteWrappedKeys(keys.FillingFile);
        // Moves what a killed server left in the write-ahead log into the file, which is to be renamed.
        return SqliteKeyTable.MasterIdOf(keys.KeysFile) is null
            ? throw new JournalUnusableException($"{folder} holds a journal, and {keys.KeysFile} is missing or empty: bring back the one that belongs to it.")
            : new SqliteWrappedKeys(keys.KeysFile);
    }

    public Task<IWrappedKeyWriter> WriteKeysAsync(CancellationToken cancellation)
    {
        Try(keys.DropFilling);
        return Task.FromResult<IWrappedKeyWriter>(new SqliteWrappedKeyWriter(keys.FillingFile));
    }

    public Task StartOverAsync(CancellationToken cancellation)
    {
        moved.DropFilling();
        return Task.CompletedTask;
    }

    // The lock has been held since the journal was read, so it can't have grown.
    public Task SetAsideAsync(string note, long head)
    {
        // The journal first: without it no server starts here, with it and without keys one would only find that they are missing.
        moved.SetAside(note);
        Try(keys.SetAside);
        return Task.CompletedTask;
    }

    public Task TakeBackAsync(CancellationToken cancellation)
    {
        Try(keys.TakeBack);
        moved.TakeBack();
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(string note, long head)
    {
        Try(keys.Release);
        moved.Release(note);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Try(Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"The keys in {folder} could not be moved: {e.Message}", e);
        }
    }
}

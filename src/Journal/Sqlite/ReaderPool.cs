using System.Collections.Concurrent;

namespace ChainCrm.Journal.Sqlite;

/// <summary>A bounded number of readers. Reads run on the thread pool, so that a load from a cold disk never holds up the caller's thread. Thread-safe.</summary>
internal sealed class ReaderPool(string folder, int size) : IAsyncDisposable
{
    private readonly SemaphoreSlim places = new(size, size);
    private readonly ConcurrentStack<JournalReader> idle = new();
    private volatile bool disposed;

    /// <exception cref="JournalUnavailableException">The files can't be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<JournalReader, T> read, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(SqliteJournal));
        await places.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(SqliteJournal));
            return Read(read);
        }
        finally
        {
            places.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        for (var i = 0; i < size; i++) await places.WaitAsync();
        while (idle.TryPop(out var reader)) reader.Dispose();

        // Whoever still waits for a place is let through to find out that there are no more readers.
        places.Release(size);
    }

    private T Read<T>(Func<JournalReader, T> read)
    {
        JournalReader? reader = null;
        try
        {
            if (!idle.TryPop(out reader)) reader = new(folder);
            var answer = read(reader);
            idle.Push(reader);
            return answer;
        }
        catch (SqliteFault fault)
        {
            // The connection may be what is wrong, so it is not used again.
            reader?.Dispose();
            if (fault.Damaged) DamageMark.Leave(folder);
            throw fault.ToUnavailable("Reading the journal", folder);
        }
    }
}

/// <summary>Leaves word that the next start makes index.db anew.</summary>
internal static class DamageMark
{
    /// <summary>Harmless when it was the journal that is damaged: making the index anew loses nothing.</summary>
    public static void Leave(string folder)
    {
        try
        {
            File.WriteAllText(IndexFile.DamageMarkPathIn(folder), "index.db was found damaged; the next start makes it anew from journal.db.\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the mark the damage is found again after the next start; the fault that led here is reported in any case.
        }
    }
}

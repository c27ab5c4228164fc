using System.Collections.Concurrent;

namespace ChainCrm.Journal.Sqlite;

/// <summary>A bounded number of readers. Reads run on the thread pool, so that a load from a cold disk never holds up the caller's thread. Thread-safe.</summary>
/// <param name="owner">Named when it is used after its end.</param>
/// <param name="open">Makes a reader.</param>
/// <param name="size">How many may read at a time; further ones wait.</param>
internal sealed class ReaderPool<TReader>(Type owner, Func<TReader> open, int size) : IAsyncDisposable
    where TReader : class, IDisposable
{
    private readonly SemaphoreSlim places = new(size, size);
    private readonly ConcurrentStack<TReader> idle = new();
    private volatile bool disposed;

    /// <exception cref="SqliteFault">The reader it happened to is not used again, for its connection may be what is wrong.</exception>
    public async Task<T> ReadAsync<T>(Func<TReader, T> read, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, owner);
        await places.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, owner);
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

    private T Read<T>(Func<TReader, T> read)
    {
        if (!idle.TryPop(out var reader)) reader = open();
        try
        {
            var answer = read(reader);
            idle.Push(reader);
            return answer;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}

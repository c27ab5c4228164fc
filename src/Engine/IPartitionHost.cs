using ChainCrm.Journal;

namespace ChainCrm.Engine;

/// <summary>
/// What a partition's core needs of the world around its loop. The engine answers with the thread pool, the simulation with a list it
/// runs in an order of its own: the core is the same.
/// </summary>
internal interface IPartitionHost
{
    /// <summary>Runs work outside the loop: loads, look-ups, waking waiters.</summary>
    void Queue(IThreadPoolWorkItem work);

    /// <summary>Commits a batch outside the loop, which goes on deciding the next one meanwhile. At most one is under way, and the loop must turn after it.</summary>
    void Commit(Batch batch);

    /// <summary>Something was posted.</summary>
    /// <param name="waiting">What the mailbox holds now; 1 when it was empty before.</param>
    void Posted(int waiting);

    /// <summary>There is a reason to turn the loop that is not in the mailbox: the callers of a batch are answered, or the end has come.</summary>
    void Wake();

    /// <summary>Keeps a snapshot some time soon.</summary>
    /// <returns>False when too many wait; nothing is lost then.</returns>
    bool TryKeep(string stream, Snapshot snapshot);
}

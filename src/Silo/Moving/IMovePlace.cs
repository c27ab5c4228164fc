using ChainCrm.Grains.Personal;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Moving;

/// <summary>What one side of a move holds when it begins.</summary>
internal enum PlaceState
{
    /// <summary>No journal, or one without entries.</summary>
    Empty,

    /// <summary>A journal that a server may open.</summary>
    Holds,

    /// <summary>What a move has filled so far; no server opens it.</summary>
    Filling,

    /// <summary>The journal of a chain that has moved away; no server opens it.</summary>
    SetAside,
}

/// <summary>One side of a move: a place where the chain is or will be.</summary>
internal interface IMovePlace : IAsyncDisposable
{
    /// <summary>Where it is, for messages and notes.</summary>
    string Name { get; }

    /// <summary>What it holds; nothing is changed.</summary>
    Task<PlaceState> LookAsync(CancellationToken cancellation);

    /// <summary>Opens the chain's journal for reading, and keeps servers from it.</summary>
    Task<IJournal> OpenSourceAsync(CancellationToken cancellation);

    /// <summary>Opens the journal to be filled, which no server opens before <see cref="ReleaseAsync"/>.</summary>
    Task<IJournal> OpenTargetAsync(CancellationToken cancellation);

    /// <summary>Reads the keys of the chain that is here, or that a move has filled in; the journal of this side has been opened before.</summary>
    IWrappedKeys ReadKeys();

    /// <summary>Begins to fill in the keys; what an earlier attempt has filled in goes.</summary>
    Task<IWrappedKeyWriter> WriteKeysAsync(CancellationToken cancellation);

    /// <summary>Throws away what a move has filled so far.</summary>
    Task StartOverAsync(CancellationToken cancellation);

    /// <summary>Takes journal and keys, which are closed, out of use; nothing of them is changed. Refused when it has grown meanwhile.</summary>
    /// <param name="note">For who comes later: where the chain is now.</param>
    /// <param name="head">Position of the last entry.</param>
    Task SetAsideAsync(string note, long head);

    /// <summary>Undoes <see cref="SetAsideAsync"/>.</summary>
    Task TakeBackAsync(CancellationToken cancellation);

    /// <summary>Lets servers open the filled journal and its keys, which are closed. The last step of a move.</summary>
    /// <param name="note">For who comes later: where the chain came from.</param>
    /// <param name="head">Position of the last entry.</param>
    Task ReleaseAsync(string note, long head);
}

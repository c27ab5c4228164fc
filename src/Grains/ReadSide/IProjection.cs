namespace ChainCrm.Grains.ReadSide;

/// <summary>Something that follows the feed in memory.</summary>
internal interface IProjection
{
    /// <summary>For logs and health.</summary>
    string Name { get; }

    /// <summary>Position of the newest entry taken in.</summary>
    long Position { get; }

    /// <summary>
    /// Takes in entries, in order. <see cref="Position"/> moves with every single entry, so that when this throws the same call with the entries
    /// after it goes on without counting anything twice.
    /// </summary>
    void Apply(IReadOnlyList<CommittedEntry> entries);
}

/// <summary>How far a part of the read side is, for health and metrics.</summary>
/// <param name="Name">directories, wall, agenda, read-models or identities.</param>
/// <param name="Position">Newest journal position taken in.</param>
/// <param name="FailuresInARow">0 when all is well; otherwise it is retried and the log says why.</param>
public readonly record struct FollowerHealth(string Name, long Position, int FailuresInARow);

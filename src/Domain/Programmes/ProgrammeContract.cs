namespace ChainCrm.Domain.Programmes;

/// <summary>What can be asked of the programme (the chain's rules). Decided in <see cref="ProgrammeDecider"/>.</summary>
public abstract record ProgrammeCommand
{
    private protected ProgrammeCommand() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>Makes a document the running version.</summary>
public sealed record PublishProgramme : ProgrammeCommand
{
    /// <summary>The whole document as JSON text.</summary>
    public required string Document { get; init; }
    /// <summary>The version the author started from; refused when another was published since. 0 for the first.</summary>
    public required int BasedOnVersion { get; init; }
    /// <summary>Why, in the author's words.</summary>
    public string? Note { get; init; }
}

// NOTE: names and shapes below are the storage format, pinned by tests/Grains.Tests/Contracts.

/// <summary>What has happened to the programme. Folded in <see cref="ProgrammeState"/>.</summary>
public abstract record ProgrammeEvent
{
    private protected ProgrammeEvent() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>A version went live.</summary>
public sealed record ProgrammePublished : ProgrammeEvent
{
    /// <summary>1, 2, 3 ... without gaps.</summary>
    public required int Version { get; init; }
    public required string Document { get; init; }
    public string? Note { get; init; }
}

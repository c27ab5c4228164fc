namespace ChainCrm.Domain.Programmes;

/// <summary>The chain's programme: which version runs.</summary>
public sealed class ProgrammeState
{
    /// <summary>0 before the first is published.</summary>
    public int Version { get; internal set; }
    public string? Document { get; internal set; }
    public Timestamp? PublishedAt { get; internal set; }
    public string? Note { get; internal set; }
}

/// <summary>The rules of publishing rules.</summary>
public static class ProgrammeDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<ProgrammeEvent> Decide(ProgrammeState state, ProgrammeCommand command) => default;

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static ProgrammeState Evolve(ProgrammeState state, ProgrammeEvent happened) => state;
}

namespace ChainCrm.Domain.AccessKeys;

/// <summary>One access key.</summary>
public sealed class AccessKeyState
{
    public KeyIssued? Issued { get; internal set; }
    public bool IsRevoked { get; internal set; }
}

/// <summary>The rules of one access key.</summary>
public static class AccessKeyDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<AccessKeyEvent> Decide(AccessKeyState state, AccessKeyCommand command) => default;

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static AccessKeyState Evolve(AccessKeyState state, AccessKeyEvent happened) => state;
}

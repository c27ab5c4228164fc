namespace ChainCrm.Domain.AccessKeys;

/// <summary>What a key may do. Storage format: never renumber.</summary>
public enum AccessRole
{
    /// <summary>One till of one store: enrol, identify, sell, take back, adjust within its store.</summary>
    Till = 1,
    /// <summary>Headquarters: everything of the chain.</summary>
    Office = 2,
    /// <summary>Looks only: the wall, stores and statistics; never personal data.</summary>
    Viewer = 3,
}

/// <summary>What can be asked of an access key. Decided in <see cref="AccessKeyDecider"/>.</summary>
public abstract record AccessKeyCommand
{
    private protected AccessKeyCommand() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>Issues the key. Only a hash of its secret arrives here.</summary>
public sealed record IssueKey : AccessKeyCommand
{
    public required AccessRole Role { get; init; }
    /// <summary>SHA-256 of the secret, base64url.</summary>
    public required string SecretHash { get; init; }
    /// <summary>For a till: its store and name. Null for the others.</summary>
    public StoreId? Store { get; init; }
    public TillId? Till { get; init; }
    /// <summary>May see personal data unmasked.</summary>
    public bool SeesPersonal { get; init; }
    public string? Label { get; init; }
}

/// <summary>Ends the key at once.</summary>
public sealed record RevokeKey : AccessKeyCommand { public string? Reason { get; init; } }

// NOTE: names and shapes below are the storage format, pinned by tests/Grains.Tests/Contracts.

/// <summary>What has happened to a key. Folded in <see cref="AccessKeyState"/>.</summary>
public abstract record AccessKeyEvent
{
    private protected AccessKeyEvent() { }
    public required Timestamp At { get; init; }
    public required Origin Origin { get; init; }
}

/// <summary>The key exists.</summary>
public sealed record KeyIssued : AccessKeyEvent
{
    public required AccessRole Role { get; init; }
    public required string SecretHash { get; init; }
    public StoreId? Store { get; init; }
    public TillId? Till { get; init; }
    public bool SeesPersonal { get; init; }
    public string? Label { get; init; }
}

/// <summary>The key is dead.</summary>
public sealed record KeyRevoked : AccessKeyEvent { public string? Reason { get; init; } }

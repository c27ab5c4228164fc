namespace ChainCrm.Client.Wire;

/// <summary>Signs a browser in: POST /v1/session. The answer sets an HttpOnly cookie; the key itself is not kept.</summary>
public sealed record SessionRequest
{
    /// <summary>An access key, <c>ck_...</c>.</summary>
    public string? Key { get; init; }
}

/// <summary>Who is calling: GET /v1/session, and the answer to POST /v1/session.</summary>
public sealed record SessionReply
{
    /// <summary>till, office or viewer.</summary>
    public required string Role { get; init; }
    /// <summary>Id of the access key; null for a viewer without one.</summary>
    public string? KeyId { get; init; }
    public string? Label { get; init; }
    /// <summary>For a till: its store and name.</summary>
    public string? Store { get; init; }
    public string? Till { get; init; }
    public bool SeesPersonal { get; init; }
    public required string Chain { get; init; }
    public required string ChainName { get; init; }
    /// <summary>ISO 4217 code of all amounts.</summary>
    public required string Currency { get; init; }
    /// <summary>IANA name of the zone in which business days begin and end.</summary>
    public required string TimeZone { get; init; }
    /// <summary>The chain is generated, not real.</summary>
    public bool Demo { get; init; }
    /// <summary>When the cookie ends; null when the caller used a key.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>The answer to a change of a profile.</summary>
public sealed record ProfileReply(string Id, string HomeStore, long Version);

/// <summary>One business day of a store.</summary>
public sealed record StoreDayView
{
    /// <summary>yyyy-MM-dd.</summary>
    public required string Day { get; init; }
    public long RevenueMinor { get; init; }
    public long Purchases { get; init; }
    public long WalkIns { get; init; }
    public long NewMembers { get; init; }
    public long CrossStoreVisits { get; init; }
    public long PointsGiven { get; init; }
    public long PointsUsed { get; init; }
}

/// <summary>A store with its days, newest first. GET /v1/stores/{id}?from=yyyy-MM-dd&amp;to=yyyy-MM-dd.</summary>
public sealed record StoreDetail(StoreView Store, IReadOnlyList<StoreDayView> Days);

/// <summary>The answer to opening or changing a store: what this request set; a function of the recorded entries alone.</summary>
public sealed record StoreReply
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Region { get; init; }
    public string? City { get; init; }
    /// <summary>open or closed; null when the request did not say.</summary>
    public string? Status { get; init; }
}

/// <summary>A document to be checked: POST /v1/programme/validate. Nothing is published.</summary>
public sealed record ProgrammeCheckRequest { [System.Text.Json.Serialization.JsonRequired] public System.Text.Json.JsonElement Document { get; init; } }

/// <summary>What is wrong with a document, field by field; empty when it can be published.</summary>
public sealed record ProgrammeCheckReply(bool Valid, IReadOnlyList<Problem> Errors);

/// <summary>Asks for a backup: POST /v1/backup. The answer is the backup itself, docs/formats/backup.md.</summary>
public sealed record BackupRequest
{
    /// <summary>The public half of a backup key, 65 bytes as base64: the backup opens for who holds the private half.</summary>
    public string? PublicKey { get; init; }
}

/// <summary>The answer to ending a key.</summary>
public sealed record KeyRevokedReply(string Id, bool Revoked);

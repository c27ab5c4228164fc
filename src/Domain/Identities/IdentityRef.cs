namespace ChainCrm.Domain.Identities;

/// <summary>The kinds of things a customer can be known by. Storage format: never renumber.</summary>
public enum IdentityKind
{
    /// <summary>A telephone number in E.164 form before it is indexed.</summary>
    Phone = 1,
    /// <summary>A member card number.</summary>
    Card = 2,
    /// <summary>The id of the customer in another system of the chain.</summary>
    External = 3,
}

/// <summary>One identity of a customer, by its keyed blind index: the value itself is never here.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Index">HMAC-SHA256 of the normalised value under the chain's index key, first 16 bytes, base64url without padding (22 characters).</param>
public readonly record struct IdentityRef(IdentityKind Kind, string Index);

namespace ChainCrm.Domain;

/// <summary>
/// A numbered refusal. The number and the name are for ever: never reused, retired ones stay listed.
/// Hundreds per aggregate: 100 customers, 200 stores, 300 identities, 400 programme, 500 access keys, 600 coupon codes; 900 the engine, 1000 the HTTP API.
/// </summary>
/// <param name="Code">The number, unique in the product; printed in small under every refusal.</param>
/// <param name="Name">The machine name, <c>aggregate.what-is-wrong</c>.</param>
/// <param name="English">What happened and what to do next, in English.</param>
/// <param name="Chinese">The same in Chinese.</param>
/// <param name="MayPassLater">True when the identical request may pass later (a transient state decides).</param>
public sealed record Rejection(int Code, string Name, string English, string Chinese, bool MayPassLater = false)
{
    /// <summary>The field of the request that is wrong, as a JSON path such as <c>lines[3].quantity</c>; null when no single field is.</summary>
    public string? Field { get; init; }

    /// <summary>The same refusal, pointing at a field.</summary>
    public Rejection At(string field) => this with { Field = field };
}

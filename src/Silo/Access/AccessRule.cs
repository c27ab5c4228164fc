using ChainCrm.Domain.AccessKeys;
using Microsoft.AspNetCore.Builder;

namespace ChainCrm.Silo.Access;

/// <summary>Which roles may use an endpoint. Endpoint metadata, read by <see cref="AccessMiddleware"/>.</summary>
public sealed class AccessRule
{
    private readonly int _roles;

    /// <summary>These roles may; none given means that the address is open to all.</summary>
    /// <param name="guardsAgainstCrossSite">A request by cookie that is not a GET needs the header X-ChainCrm.</param>
    /// <param name="roles">The roles.</param>
    public AccessRule(bool guardsAgainstCrossSite, params ReadOnlySpan<AccessRole> roles)
    {
        GuardsAgainstCrossSite = guardsAgainstCrossSite;
        foreach (var role in roles) _roles |= 1 << (int)role;
    }

    public bool GuardsAgainstCrossSite { get; }

    /// <summary>Anyone may, with or without a key.</summary>
    public bool IsOpen => _roles == 0;

    public bool Allows(AccessRole role) => (_roles & (1 << (int)role)) != 0;
}

/// <summary>Puts access rules on endpoints.</summary>
public static class AccessRuleExtensions
{
    /// <summary>
    /// Only these roles may use the endpoint. For hubs and the like: their cookie is SameSite=Strict, so no header is asked of them.
    /// </summary>
    public static TBuilder RequireChainAccess<TBuilder>(this TBuilder builder, params AccessRole[] roles)
        where TBuilder : IEndpointConventionBuilder
    {
        var rule = new AccessRule(guardsAgainstCrossSite: false, roles);
        builder.Add(endpoint => endpoint.Metadata.Add(rule));
        return builder;
    }
}

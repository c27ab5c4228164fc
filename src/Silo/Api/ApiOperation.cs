using ChainCrm.Domain.AccessKeys;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Answers one request of a known caller.</summary>
internal delegate ValueTask<ApiReply> ApiHandler(ApiServices api, HttpContext http, Caller caller);

/// <summary>
/// One address of the API with everything that is said about it. The same object puts the endpoint on the server and into the OpenAPI
/// document, so neither can have one that the other lacks.
/// </summary>
internal sealed record ApiOperation
{
    /// <summary>Name of the operation, unique: recordPurchase.</summary>
    public required string Id { get; init; }
    public required string Method { get; init; }
    /// <summary>The path, with <c>{id}</c> where an id stands.</summary>
    public required string Path { get; init; }
    /// <summary>Under which heading the reference lists it.</summary>
    public required ApiTag Tag { get; init; }
    /// <summary>Who may; empty for everybody, with or without a key.</summary>
    public required AccessRole[] Roles { get; init; }
    public required ApiHandler Handler { get; init; }
    public required string Summary { get; init; }
    public required string SummaryZh { get; init; }
    /// <summary>What a caller should know beyond the summary; null when that says all.</summary>
    public string? Description { get; init; }
    /// <summary>Wire types of body and reply; null for none.</summary>
    public Type? Request { get; init; }
    public Type? Reply { get; init; }
    /// <summary>The answer is a file, not JSON.</summary>
    public bool RepliesWithFile { get; init; }
    /// <summary>The status of a good answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;
    /// <summary>Needs the header Idempotency-Key.</summary>
    public bool IsWrite { get; init; }
    public ApiParameter[] Query { get; init; } = [];
    /// <summary>Numbers of the refusals that are particular to it; those that any request can get are listed once.</summary>
    public int[] Refusals { get; init; } = [];
    /// <summary>First and last number of the domain's refusals that it can get besides.</summary>
    public (int First, int Last) DomainRefusals { get; init; }
    /// <summary>An example of body and reply, JSON.</summary>
    public string? RequestExample { get; init; }
    public string? ReplyExample { get; init; }

    /// <summary>The same operation under its name in routing and logs.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>Headings of the reference.</summary>
internal enum ApiTag
{
    Customers,
    Counter,
    Stores,
    Programme,
    Keys,
    Audit,
    Session,
    Bench,
}

/// <summary>A parameter in the query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">integer or string.</param>
/// <param name="Description">What it means, with its bounds.</param>
internal sealed record ApiParameter(string Name, string Type, string Description);

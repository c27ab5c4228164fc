using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What a handler answers: a value with its JSON form, or a refusal.</summary>
internal readonly struct ApiReply
{
    private ApiReply(int status, object? value, JsonTypeInfo? type, Rejection? rejection, IReadOnlyList<Rejection>? errors) =>
        (Status, Value, Type, Rejection, Errors) = (status, value, type, rejection, errors);

    public int Status { get; }
    public object? Value { get; }
    public JsonTypeInfo? Type { get; }
    public Rejection? Rejection { get; }
    public IReadOnlyList<Rejection>? Errors { get; }

    public static ApiReply Ok<T>(T value, JsonTypeInfo<T> type) where T : class => new(StatusCodes.Status200OK, value, type, null, null);

    public static ApiReply Created<T>(T value, JsonTypeInfo<T> type) where T : class => new(StatusCodes.Status201Created, value, type, null, null);

    /// <summary>Nothing to say.</summary>
    public static ApiReply Empty => new(StatusCodes.Status204NoContent, null, null, null, null);

    /// <summary>The handler wrote the reply itself.</summary>
    public static ApiReply Written => default;

    public static ApiReply Refuse(Rejection rejection, IReadOnlyList<Rejection>? errors = null) => new(0, null, null, rejection, errors);

    public static implicit operator ApiReply(Rejection rejection) => Refuse(rejection);
}

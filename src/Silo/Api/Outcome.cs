using ChainCrm.Domain;

namespace ChainCrm.Silo.Api;

/// <summary>A value, or the refusal that stands in its place.</summary>
internal readonly record struct Outcome<T>(T? Value, Rejection? Rejection)
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Rejection rejection) => new(default, rejection);
}

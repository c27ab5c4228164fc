using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using ChainCrm.Domain;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>
/// Makes one of every event with every member filled, or with only the required ones: by reflection, so that a member added later can't be
/// forgotten. Values are derived from the member's name, hence the same on every run.
/// </summary>
internal static class SampleEvents
{
    public static object Full(Type type) => Make(type, type.Name, withOptional: true, depth: 0)!;

    public static object Sparse(Type type) => Make(type, type.Name, withOptional: false, depth: 0)!;

    /// <summary>Only the required members, numbers zero, texts and lists empty.</summary>
    public static object Zero(Type type)
    {
        var made = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(p => p.GetCustomAttribute<RequiredMemberAttribute>() is not null))
            property.SetValue(made, ZeroValue(property.PropertyType));
        return made;
    }

    private static object? ZeroValue(Type type)
    {
        if (type == typeof(string))
            return "";
        if (type == typeof(Sealed))
            return new Sealed([]);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
            return Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]));
        var text = type.GetConstructor([typeof(string)]);
        return text is null ? Activator.CreateInstance(type) : text.Invoke([""]);
    }

    private static object? Make(Type type, string name, bool withOptional, int depth)
    {
        if (depth > 5)
            throw new InvalidOperationException($"{type.Name} nests too deep for a sample.");
        var number = 1 + name.Sum(c => c) % 97;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Make(inner, name, withOptional, depth);
        if (type == typeof(string))
            return $"{name}-会员-{number}";
        if (type == typeof(int))
            return number;
        if (type == typeof(long))
            return (long)number;
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length);
        if (type == typeof(Sealed))
            return new Sealed([1, 2, 3, (byte)number, 255]);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
            return MakeList(type.GetGenericArguments()[0], name, withOptional, depth);
        return MakeObject(type, name, withOptional, depth);
    }

    private static IList MakeList(Type element, string name, bool withOptional, int depth)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var i = 0; i < 2; i++)
            list.Add(Make(element, name + i, withOptional, depth + 1));
        return list;
    }

    private static object MakeObject(Type type, string name, bool withOptional, int depth)
    {
        // A value such as Money has one constructor over its content; an event has required members.
        var constructor = type.IsValueType ? type.GetConstructors().MaxBy(c => c.GetParameters().Length) : null;
        if (constructor is { } known && known.GetParameters().Length > 0)
        {
            return known.Invoke([.. known.GetParameters().Select(p =>
                p.HasDefaultValue && !withOptional ? null : Make(p.ParameterType, $"{name}.{p.Name}", withOptional, depth + 1))]);
        }
        var made = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0).OrderBy(p => p.Name, StringComparer.Ordinal))
            if (withOptional || property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
                property.SetValue(made, Make(property.PropertyType, property.Name, withOptional, depth + 1));
        return made;
    }
}

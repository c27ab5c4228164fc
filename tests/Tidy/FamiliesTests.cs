using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ChainCrm.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>C# does not know that a family of records is closed, so a forgotten case compiles. These tests close it.</summary>
public class FamiliesTests
{
    private static readonly Assembly Domain = typeof(Rejection).Assembly;

    public static TheoryData<string> Aggregates()
    {
        var data = new TheoryData<string>();
        foreach (var decider in Domain.GetTypes().Where(type => type.IsPublic && type.Name.EndsWith("Decider", StringComparison.Ordinal)))
            data.Add(decider.FullName!);
        return data;
    }

    [Fact]
    public void Every_family_of_commands_has_a_decider()
    {
        var families = Domain.GetTypes().Where(type => type.IsAbstract && type.Name.EndsWith("Command", StringComparison.Ordinal)).Select(type => type.Name.Replace("Command", "Decider", StringComparison.Ordinal));
        var deciders = Domain.GetTypes().Where(type => type.Name.EndsWith("Decider", StringComparison.Ordinal)).Select(type => type.Name);
        families.Except(deciders).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void Every_command_is_decided(string deciderName)
    {
        var decide = Domain.GetType(deciderName)!.GetMethods().Where(method => method.Name == "Decide").MaxBy(method => method.GetParameters().Length)!;
        EveryCaseIsHandled(decide, decide.GetParameters()[1].ParameterType);
    }

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void Every_event_is_folded(string deciderName)
    {
        var evolve = Domain.GetType(deciderName)!.GetMethod("Evolve")!;
        EveryCaseIsHandled(evolve, evolve.GetParameters()[1].ParameterType);
    }

    private static void EveryCaseIsHandled(MethodInfo method, Type family)
    {
        var cases = Domain.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(family)).ToList();
        cases.ShouldNotBeEmpty();
        foreach (var @case in cases)
        {
            var arguments = method.GetParameters().Select(parameter => Blank(parameter.ParameterType)).ToArray();
            arguments[1] = RuntimeHelpers.GetUninitializedObject(@case);
            // A blank command or event has null members: any exception but "nobody handles this case" is the case's own code running.
            var thrown = Record.Exception(() => method.Invoke(null, arguments));
            (thrown?.InnerException ?? thrown).ShouldNotBeOfType<UnreachableException>($"{method.DeclaringType!.Name}.{method.Name} does not handle {@case.Name}");
        }
    }

    private static object? Blank(Type type) =>
        type.GetProperty("BuiltIn", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
        ?? (type.IsValueType ? Activator.CreateInstance(type) : type.GetConstructor(Type.EmptyTypes)?.Invoke(null));
}

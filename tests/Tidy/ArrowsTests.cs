using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>Who may know whom: the table of ARCHITECTURE.md, held against project files and against what the assemblies really reference.</summary>
public class ArrowsTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Journal"] = [],
        ["Journal.Postgres"] = ["Journal"],
        ["Grains"] = ["Domain", "Journal"],
        ["Grains.Postgres"] = ["Domain", "Journal", "Journal.Postgres", "Grains"],
        ["Engine"] = ["Domain", "Grains", "Journal"],
        ["Client"] = [],
        ["Silo"] = ["Domain", "Journal", "Journal.Postgres", "Grains", "Grains.Postgres", "Engine", "Client"],
    };

    [Fact]
    public void Every_room_with_code_stands_in_the_table() =>
        Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(MayKnow.Keys.Order());

    [Fact]
    public void No_project_references_a_room_it_may_not_know()
    {
        foreach (var (room, allowed) in MayKnow)
        {
            var project = XDocument.Parse(Repository.Read($"src/{room}/{room}.csproj"));
            var referenced = project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include") ?? ""));
            referenced.Except(allowed).ShouldBeEmpty($"src/{room} references rooms it may not know");
        }
    }

    [Fact]
    public void No_assembly_references_a_room_it_may_not_know()
    {
        foreach (var (room, allowed) in MayKnow)
        {
            var file = room == "Client" ? "chaincrm.dll" : $"ChainCrm.{room}.dll";
            var referenced = ReferencesOf(Path.Combine(AppContext.BaseDirectory, file))
                .Select(name => name == "chaincrm" ? "Client" : name)
                .Where(name => name == "Client" || name.StartsWith("ChainCrm.", StringComparison.Ordinal))
                .Select(name => name.Replace("ChainCrm.", "", StringComparison.Ordinal));
            referenced.Except(allowed).ShouldBeEmpty($"ChainCrm.{room} references rooms it may not know");
        }
    }

    [Fact]
    public void The_domain_references_the_framework_alone() =>
        ReferencesOf(Path.Combine(AppContext.BaseDirectory, "ChainCrm.Domain.dll"))
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("Domain")]
    public void Pure_rooms_have_no_asynchronous_or_clock_members(string room)
    {
        using var reader = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"ChainCrm.{room}.dll")));
        var metadata = reader.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToList();
        used.ShouldNotBeEmpty();
        used.Where(name => name.StartsWith("System.Threading", StringComparison.Ordinal) || name.StartsWith("System.IO.", StringComparison.Ordinal)
            || name.StartsWith("System.Net.", StringComparison.Ordinal) || name is "System.Random" or "System.TimeProvider" or "System.Diagnostics.Stopwatch")
            .ShouldBeEmpty("rules are pure: no clock, no I/O, no chance, no threads");
    }

    private static List<string> ReferencesOf(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}

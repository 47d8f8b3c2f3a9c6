// swift-tools-version:6.2
import PackageDescription

/// Settings common to all Swift targets.
let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A Swift target with the common settings.
///
/// It is optimised in debug builds, too: the tests compile, verify and execute thousands of models.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift + [.unsafeFlags(["-O"])])
}

/// A test target with the common settings, and further ones of its own.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], settings: [SwiftSetting] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swift + settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "cgad",
  products: [
    .executable(name: "cgadc", targets: ["cgadc"]),
    .executable(name: "cgad", targets: ["cgad"]),
    .library(name: "CUDASimulator", type: .dynamic, targets: ["CUDASimulator"]),  // for tests: stands in for libcuda
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    module("Support"),
    module("Syntax", ["Support"]),
    module("Operations", ["Support"]),
    module("CostProfiles", ["Operations", "Support"]),
    module("IR", ["Operations", "Support"]),
    module("Semantics", ["Syntax", "IR", "Operations", "Support"]),
    module("Differentiation", ["IR", "Operations", "Support"]),
    module("Passes", ["IR", "Operations", "Support"]),
    module("Rematerialization", ["CClp", "CCbc", "Support"]),
    module("Scheduling", ["Rematerialization", "IR", "Operations", "Support"]),
    module("Planning", ["Support"]),
    module("PlanFormat", ["Operations", "Support"]),
    module("Emission", ["PlanFormat", "Operations", "Support"]),
    module(
      "Driver",
      [
        "Syntax", "Semantics", "Differentiation", "Passes", "Rematerialization", "Scheduling", "Planning", "PlanFormat",
        "Emission", "IR", "CostProfiles", "Operations", "Support", "CStandardLibrary",
      ]),
    .target(name: "CStandardLibrary", exclude: ["std", "templates"], cSettings: [.unsafeFlags(["-std=c23"])]),
    module("Runtime", ["PlanFormat", "Operations", "Support", "CZlib", "CKernels"]),
    module("CPUBackend", ["Runtime", "Operations", "Support", "CKernels", "COpenBLAS"]),
    .target(name: "CUDAKernels", exclude: ["kernels"], cSettings: [.unsafeFlags(["-std=c23"])]),
    module(
      "CUDABackend", ["CPUBackend", "Runtime", "Operations", "Support", "CCUDA", "CUDAKernels", "CKernels"]),
    .target(name: "CCUDA"),
    .target(name: "CKernels", dependencies: ["COpenBLAS"], cSettings: [.unsafeFlags(["-O2"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CClp", providers: [.apt(["coinor-libclp-dev"])]),
    .systemLibrary(name: "CCbc", providers: [.apt(["coinor-libcbc-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .executableTarget(
      name: "cgadc",
      dependencies: [
        "Driver", "Emission", "IR", "PlanFormat", "Planning", "Operations", "Rematerialization", "Scheduling",
        "Semantics",
        "Support",
        argumentParser,
      ], swiftSettings: swift),
    .executableTarget(
      name: "cgad",
      dependencies: [
        "Runtime", "CPUBackend", "CUDABackend", "Emission", "PlanFormat", "CostProfiles", "Operations", "Support",
        argumentParser,
      ],
      swiftSettings: swift),
    .target(
      name: "TestSupport", dependencies: ["Driver", "IR", "Rematerialization", "Semantics", "Support"],
      path: "Tests/TestSupport",
      swiftSettings: swift + [.unsafeFlags(["-O"])]),
    .target(
      name: "CUDASimulator", path: "Tests/Support/CUDASimulator", cSettings: [.unsafeFlags(["-std=c23"])],
      cxxSettings: [.unsafeFlags(["-O2"])]),
    .executableTarget(
      name: "cgad-fuzz",
      dependencies: [
        "Driver", "IR", "Semantics", "Syntax", "PlanFormat", "Runtime", "CPUBackend", "Operations", "Support",
        "TestSupport",
        argumentParser,
      ],
      path: "Tests/Fuzz", swiftSettings: swift),
    tests("SupportTests", ["Support"]),
    tests("RematerializationTests", ["Rematerialization", "Support"], settings: [.unsafeFlags(["-O"])]),
    tests("CostProfileTests", ["CostProfiles", "Driver", "IR", "PlanFormat", "Operations", "Support"]),
    tests("SyntaxTests", ["Syntax", "Support"]),
    tests(
      "IRTests",
      ["IR", "Passes", "Driver", "Semantics", "Differentiation", "Operations", "Support", "TestSupport"]),
    tests(
      "SemanticsTests", ["Semantics", "Syntax", "IR", "Driver", "PlanFormat", "Operations", "Support", "TestSupport"]),
    tests(
      "SchedulingTests",
      [
        "Scheduling", "Rematerialization", "IR", "Differentiation", "Driver", "PlanFormat", "Operations", "Support",
        "TestSupport",
      ], settings: [.unsafeFlags(["-O"])]),  // searches that try everything, and sets of lives
    tests("PlanningTests", ["Planning", "TestSupport"]),
    tests(
      "CompilerTests", ["Driver", "Emission", "PlanFormat", "Semantics", "IR", "Support", "TestSupport"],
      exclude: ["cases"]),
    tests(
      "EmissionTests", ["Emission", "Driver", "PlanFormat", "Operations", "Semantics", "Support", "TestSupport"],
      exclude: ["cases"]),
    tests("PlanFormatTests", ["PlanFormat", "Operations", "Support"]),
    tests("DataTests", ["Runtime", "Operations", "Support", "CZlib"]),
    tests(
      "OracleTests",
      [
        "Driver", "Semantics", "Differentiation", "Scheduling", "PlanFormat", "Rematerialization", "IR", "Operations",
        "Support", "Runtime",
        "CPUBackend", "CUDABackend", "CKernels", "CostProfiles", "TestSupport",
      ], exclude: ["torch"], settings: [.unsafeFlags(["-O"])]),  // reference loops take minutes without
    tests("RuntimeTests", ["Runtime", "CPUBackend", "PlanFormat", "Operations", "Support"]),
    tests("KernelTests", ["CKernels"]),
    tests("CUDASimulatorTests", ["CCUDA"]),
    tests("EndToEndTests", ["cgadc", "cgad"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20)

(** The n-step limit: the best loss a chain of [n] shrinkage optimal students can reach.

    An extension of Theorem 4.1, for every shrinkage optimal teacher; least squares is the extreme
    case. Angles: each step that turns by [a] shrinks by [cos a] at least, [log cos] is concave, so
    equal turns are best. *)
From Coq Require Import Reals Lra Lia Psatz Arith.
From Coquelicot Require Import Coquelicot.
From W2S Require Import Floors InnerSpace Instances Shrinkage Flow Limits Sharpness.
Open Scope R_scope.

(** The tangent to [log cos] at [m] lies above it. *)
Lemma cos_tangent (m a : R) :
  0 <= m < PI / 2 -> 0 <= a <= PI / 2 -> cos a <= cos m * exp (- (tan m * (a - m))).
Proof.
  intros Hm Ha. assert (Cm : 0 < cos m) by (apply cos_gt_0; lra).
  pose (h := fun x => cos x * exp (tan m * (x - m))).
  pose (dh := fun x => exp (tan m * (x - m)) * (sin (m - x) / cos m)).
  assert (Dh : forall x, is_derive h x (dh x)).
  { intro x. unfold h, dh. auto_derive; trivial. rewrite sin_minus. unfold tan, Rminus. field. lra. }
  assert (H : h a <= cos m).
  { replace (cos m) with (h m) by (unfold h; rewrite Rminus_eq_0, Rmult_0_r, exp_0; ring).
    assert (Q : forall x, 0 <= sin (m - x) -> 0 <= dh x).
    { intros x S. apply Rmult_le_pos; [apply Rlt_le, exp_pos |].
      apply Rmult_le_pos; [trivial | now apply Rlt_le, Rinv_0_lt_compat]. }
    destruct (Rle_dec a m) as [E | E].
    - apply (derivative_nonneg h dh); trivial. intros x Hx. apply Q, sin_ge_0; lra.
    - apply Ropp_le_cancel, (derivative_nonneg (fun x => - h x) (fun x => - dh x)); [lra | |].
      + intros x _. apply @is_derive_opp, Dh.
      + intros x Hx. unfold dh. replace (m - x) with (- (x - m)) by ring. rewrite sin_neg.
        assert (S : 0 <= sin (x - m)) by (apply sin_ge_0; lra).
        assert (0 <= exp (tan m * (x - m)) * (sin (x - m) / cos m)); [| lra].
        apply Rmult_le_pos; [apply Rlt_le, exp_pos |].
        apply Rmult_le_pos; [trivial | now apply Rlt_le, Rinv_0_lt_compat]. }
  unfold h in H. rewrite exp_Ropp. apply Rmult_le_reg_r with (exp (tan m * (a - m))); [apply exp_pos |].
  rewrite Rmult_assoc, Rinv_l; [lra |]. apply Rgt_not_eq, exp_pos.
Qed.

Section Angles.
Context {V : inner_space}.

Lemma angle (u v : V) : exists a, 0 <= a <= PI /\ ip u v = vnorm u * vnorm v * cos a.
Proof.
  pose proof (cauchy_schwarz u v) as C. set (N := vnorm u * vnorm v) in *.
  destruct (Req_dec N 0) as [Z | Z].
  - exists 0. split; [pose proof PI_RGT_0; lra |]. rewrite Z in *.
    pose proof (Rabs_pos (ip u v)). apply Rabs_le_between in C. lra.
  - pose proof (Rabs_pos (ip u v)). exists (acos (ip u v / N)). split; [apply acos_bound |].
    rewrite cos_acos; [field; trivial |]. apply Rabs_le_between in C.
    split; apply Rmult_le_reg_r with N; try (unfold Rdiv; rewrite Rmult_assoc, Rinv_l); lra.
Qed.

(** The angle from [u] to [w] is at least the difference of those from [v]. *)
Lemma angle_triangle (u v w : V) (a b : R) :
  0 < vnorm v -> 0 <= a <= PI -> 0 <= b <= PI ->
  ip u v = vnorm u * vnorm v * cos a -> ip v w = vnorm v * vnorm w * cos b ->
  ip u w <= vnorm u * vnorm w * cos (a - b).
Proof.
  intros Hv Ha Hb E F. rewrite cos_minus.
  set (p := fun x : V => vsub (vscale (sqnorm v) x) (vscale (ip v x) v)).
  assert (P : forall x c, ip v x = vnorm v * vnorm x * cos c -> 0 <= c <= PI ->
    vnorm (p x) <= sqnorm v * vnorm x * sin c).
  { intros x c G Hc. pose proof (sin_ge_0 c ltac:(lra) ltac:(lra)) as S.
    pose proof (sqnorm_pos v); pose proof (vnorm_pos x).
    apply vnorm_le_const; [repeat apply Rmult_le_pos; trivial |].
    unfold p. expand. rewrite (ip_sym V x v), G. fold (sqnorm v) (sqnorm x).
    rewrite <- !vnorm_sqr. pose proof (sin2_cos2 c) as T. unfold Rsqr in T.
    apply Req_le.
    replace (_ * sin c * (_ * sin c)) with
      (vnorm v * vnorm v * (vnorm v * vnorm v) * (vnorm x * vnorm x) * (sin c * sin c)) by ring.
    replace (sin c * sin c) with (1 - cos c * cos c) by lra. ring. }
  rewrite (ip_sym V u v) in E.
  pose proof (P u a ltac:(lra) Ha) as Pu. pose proof (P w b F Hb) as Pw.
  assert (B : ip (p u) (p w) <= sqnorm v * vnorm u * sin a * (sqnorm v * vnorm w * sin b)).
  { apply Rle_trans with (1 := ip_le _ _). apply Rmult_le_compat; trivial using vnorm_pos. }
  unfold p in B. expand_in B. rewrite (ip_sym V u v), E, F in B. fold (sqnorm v) in B.
  rewrite <- !vnorm_sqr in B.
  apply Rmult_le_reg_l with (vnorm v * vnorm v * (vnorm v * vnorm v)).
  - repeat apply Rmult_lt_0_compat; trivial.
  - rewrite (ip_sym V u w) in *. nra.
Qed.

(** One step: a turn by [a] costs a factor [cos a]. *)
Lemma step_angle (f g : V) :
  shrinkage_optimal f g ->
  exists a, 0 <= a <= PI / 2 /\ ip f g = vnorm f * vnorm g * cos a /\ vnorm g <= vnorm f * cos a.
Proof.
  intro H. pose proof (shrinkage_norm f g H) as N. apply shrinkage_iff_ip in H.
  rewrite ip_sub_r, (ip_sym V g f) in H. fold (sqnorm g) in H. rewrite <- vnorm_sqr in H.
  pose proof (vnorm_pos f); pose proof (vnorm_pos g); pose proof PI_RGT_0.
  destruct (angle f g) as (a & Ha & E).
  destruct (Req_dec (vnorm g) 0) as [Z | Z].
  - exists (PI / 2). rewrite cos_PI2, E, Z. lra.
  - assert (C : vnorm g <= vnorm f * cos a) by (apply Rmult_le_reg_r with (vnorm g); lra || nra).
    exists a. repeat split; trivial; try lra. apply Rnot_lt_le. intro O.
    assert (cos a < 0) by (apply cos_lt_0; lra). nra.
Qed.
End Angles.

(** ** The bound *)
Section Bound.
Context {V : inner_space} (target : V) (S : nat -> V) (n : nat).
Hypothesis (unit_target : sqnorm target = 1) (chain : student_chain S n).

Lemma target_norm : vnorm target = 1.
Proof using unit_target. unfold vnorm. rewrite unit_target. apply sqrt_1. Qed.

(** [A] is the sum of the turns. *)
Lemma chain_turns (psi : R) (k : nat) :
  (k <= n)%nat -> 0 <= psi <= PI -> ip target (S O) = vnorm (S O) * cos psi ->
  exists A, 0 <= A /\
    (forall m, 0 <= m < PI / 2 ->
      vnorm (S k) <= vnorm (S O) * cos m ^ k * exp (- (tan m * (A - INR k * m)))) /\
    ip target (S k) <= vnorm (S k) * cos (Rmax 0 (psi - A)).
Proof using unit_target chain.
  intros Hk Hpsi E. induction k as [| k IH].
  - exists 0. split; [lra | split].
    + intros m Hm. cbn. rewrite Rmult_0_l, Rminus_0_r, Rmult_0_r, Ropp_0, exp_0. lra.
    + rewrite Rminus_0_r, Rmax_right; lra.
  - destruct IH as (A & HA & HN & HI); [lia |].
    destruct (step_angle (S k) (S (Datatypes.S k)) (chain k ltac:(lia))) as (a & Ha & Ea & Na).
    exists (A + a). split; [lra | split].
    + intros m Hm. apply Rle_trans with (1 := Na). rewrite S_INR. cbn [pow].
      apply Rle_trans with (vnorm (S O) * cos m ^ k * exp (- (tan m * (A - INR k * m))) * cos a).
      { apply Rmult_le_compat_r; [apply cos_ge_0; lra | auto]. }
      replace (- (tan m * (A + a - (INR k + 1) * m)))
        with (- (tan m * (A - INR k * m)) + - (tan m * (a - m))) by ring.
      rewrite exp_plus. pose proof (cos_tangent m a Hm Ha) as T.
      replace (vnorm (S O) * (cos m * cos m ^ k) * _) with (vnorm (S O) * cos m ^ k
        * exp (- (tan m * (A - INR k * m))) * (cos m * exp (- (tan m * (a - m))))) by ring.
      apply Rmult_le_compat_l; trivial.
      repeat apply Rmult_le_pos; [apply vnorm_pos | apply pow_le, cos_ge_0; lra | apply Rlt_le, exp_pos].
    + pose proof (vnorm_pos (S (Datatypes.S k))) as P. pose proof (vnorm_pos (S k)) as Pk.
      destruct (Req_dec (vnorm (S k)) 0) as [Z | Z].
      { rewrite Z, Rmult_0_l in Na. assert (Z' : vnorm (S (Datatypes.S k)) = 0) by lra.
        pose proof (ip_le target (S (Datatypes.S k))). rewrite Z' in *. lra. }
      destruct (angle target (S k)) as (c & Hc & Ec). rewrite target_norm, Rmult_1_l in Ec.
      assert (T : ip target (S (Datatypes.S k)) <= vnorm (S (Datatypes.S k)) * cos (c - a)).
      { rewrite <- (Rmult_1_l (vnorm (S (Datatypes.S k)))), <- target_norm.
        apply (angle_triangle target (S k)); rewrite ?target_norm; trivial; lra. }
      apply Rle_trans with (1 := T), Rmult_le_compat_l; trivial.
      assert (G : Rmax 0 (psi - A) <= c).
      { apply Rnot_lt_le. intro G. assert (M : Rmax 0 (psi - A) <= PI) by (apply Rmax_lub; lra).
        assert (cos (Rmax 0 (psi - A)) < cos c) by (apply cos_decreasing_1; lra). nra. }
      pose proof (Rmax_r 0 (psi - A)). unfold Rmax. destruct (Rle_dec 0 (psi - (A + a))).
      * apply cos_decr_1; lra.
      * rewrite cos_0. apply COS_bound.
Qed.

(** Equal turns are best. *)
Lemma chain_geometry (psi : R) :
  (1 <= n)%nat -> 0 <= psi < PI / 2 -> ip target (S O) = vnorm (S O) * cos psi ->
  exists m, 0 <= m <= psi / INR n /\ vnorm (S n) <= vnorm (S O) * cos m ^ n /\
    ip target (S n) <= vnorm (S n) * cos (psi - INR n * m).
Proof using unit_target chain.
  intros Hn Hpsi E. pose proof PI_RGT_0.
  assert (N : 1 <= INR n) by now apply (le_INR 1).
  destruct (chain_turns psi n) as (A & HA & HN & HI); trivial; [lra |].
  set (m := Rmin A psi / INR n). assert (M : INR n * m = Rmin A psi) by (unfold m; field; lra).
  assert (B : 0 <= Rmin A psi <= psi) by (split; [apply Rmin_glb; lra | apply Rmin_r]).
  assert (Hm : 0 <= m <= psi) by (rewrite <- M in B; split; nra).
  exists m. split; [split; [lra | unfold m; apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat |]; lra] |].
  split.
  - apply Rle_trans with (1 := HN m ltac:(lra)). rewrite <- Rmult_1_r. apply Rmult_le_compat_l.
    { apply Rmult_le_pos; [apply vnorm_pos | apply pow_le, cos_ge_0; lra]. }
    assert (T : 0 <= tan m).
    { apply Rmult_le_pos; [apply sin_ge_0 | apply Rlt_le, Rinv_0_lt_compat, cos_gt_0]; lra. }
    rewrite M. pose proof (Rmin_l A psi). rewrite <- exp_0.
    destruct (Rle_lt_or_eq_dec (- (tan m * (A - Rmin A psi))) 0) as [L | ->]; [nra | | lra].
    now apply Rlt_le, exp_increasing.
  - replace (psi - INR n * m) with (Rmax 0 (psi - A)); trivial.
    rewrite M. unfold Rmax, Rmin. destruct (Rle_dec 0 (psi - A)), (Rle_dec A psi); lra.
Qed.

(** A shrinkage optimal teacher that is not least squares is worse for the student. *)
Lemma least_squares_extreme (L r p theta psi x c : R) :
  L < 1 -> L = 1 - 2 * p + r ^ 2 -> r ^ 2 <= p -> p = r * cos psi ->
  0 < r -> 0 <= psi <= PI / 2 -> 0 <= theta <= PI / 2 -> cos theta = sqrt (1 - L) ->
  0 <= x <= psi -> 0 <= c <= 1 ->
  psi <= theta /\
  1 - 2 * cos theta * c * cos (theta - x) + cos theta ^ 2 * c ^ 2
  <= 1 - 2 * r * c * cos (psi - x) + r ^ 2 * c ^ 2.
Proof.
  intros HL EL Hp Ep Hr Hpsi Hth Ek Hx Hc. rewrite !cos_minus. pose proof PI_RGT_0.
  assert (K2 := sqrt_sqrt (1 - L) ltac:(lra)). assert (K0 := sqrt_lt_R0 (1 - L) ltac:(lra)).
  rewrite <- Ek in K2, K0.
  assert (S2 := sin2_cos2 theta). assert (Y2 := sin2_cos2 psi). unfold Rsqr in S2, Y2.
  assert (S0 := sin_ge_0 theta ltac:(lra) ltac:(lra)).
  assert (Y0 := sin_ge_0 psi ltac:(lra) ltac:(lra)).
  assert (X0 := sin_ge_0 x ltac:(lra) ltac:(lra)).
  assert (O : cos theta <= cos psi).
  { apply Rmult_le_reg_l with r; trivial. rewrite <- Ep. pose proof (Rle_0_sqr (cos theta - r)).
    unfold Rsqr in *. lra. }
  assert (T : psi <= theta).
  { apply Rnot_lt_le. intro G. apply cos_decreasing_1 in G; lra. }
  split; trivial.
  assert (G : cos theta <= cos theta * cos x + sin theta * sin x).
  { rewrite <- cos_minus. apply cos_decr_1; lra. }
  set (k := cos theta) in *. set (s := sin theta) in *. set (y := r * sin psi).
  assert (Hy : 0 <= y) by (apply Rmult_le_pos; lra).
  assert (D : 0 <= k * k - r * r) by lra. set (d := k * k - r * r) in *.
  assert (E : (k * s - y) * (k * s + y) = d * (s * s + d / 4)).
  { replace ((k * s - y) * (k * s + y)) with (k * k * (s * s) - r * r * (sin psi * sin psi))
      by (unfold y; ring).
    replace (r * r * (sin psi * sin psi)) with (r * r - p * p) by (rewrite Ep; nra).
    replace p with ((k * k + r * r) / 2) by lra. replace (s * s) with (1 - k * k) by lra.
    unfold d. field. }
  assert (W : d * s <= 2 * k * (k * s - y)).
  { assert (Q : 0 <= d * (s * s + d / 4)) by (apply Rmult_le_pos; nra).
    assert (KS : 0 <= k * s) by (apply Rmult_le_pos; lra).
    assert (M : y <= k * s).
    { apply Rnot_lt_le. intro. assert (0 < (y - k * s) * (k * s + y)) by
        (apply Rmult_lt_0_compat; lra). lra. }
    destruct S0 as [S0 | Z]; [| rewrite <- Z in *; nra].
    assert (0 <= (k * s - y) * (k * s - y)) by apply Rle_0_sqr.
    assert (0 <= d * d) by apply Rle_0_sqr.
    apply Rmult_le_reg_r with s; lra. }
  assert (F : 0 <= d * cos x + 2 * (k * s - y) * sin x - c * d).
  { apply Rmult_le_reg_l with k; trivial. rewrite Rmult_0_r.
    apply (Rmult_le_compat_r _ _ _ X0) in W. apply (Rmult_le_compat_l _ _ _ D) in G.
    assert (0 <= (1 - c) * (k * d)) by (repeat apply Rmult_le_pos; lra). lra. }
  apply (Rmult_le_pos c) in F; [| lra]. unfold y, d in F. rewrite Ep in EL.
  replace (2 * r * c * (cos psi * cos x + sin psi * sin x))
    with (c * ((k * k + r * r) * cos x + 2 * (r * sin psi) * sin x)); [lra |].
  replace (k * k + r * r) with (2 * (r * cos psi)) by lra. ring.
Qed.

(** Whatever the chain, some equal turn [phi] does as well as it. *)
Lemma nstep_bound (theta : R) :
  (1 <= n)%nat -> shrinkage_optimal target (S O) -> loss (S O) target < 1 ->
  0 <= theta <= PI / 2 -> cos theta = sqrt (1 - loss (S O) target) ->
  exists phi, 0 <= phi <= theta / INR n /\ chain_objective n theta phi <= loss (S n) target.
Proof using unit_target chain.
  intros Hn Ht HL Hth Ck. pose proof PI_RGT_0.
  assert (N : 1 <= INR n) by now apply (le_INR 1).
  pose proof (teacher_loss_range target (S O) unit_target Ht) as L0.
  destruct (angle target (S O)) as (psi & Hpsi & E). rewrite target_norm, Rmult_1_l in E.
  apply shrinkage_iff_ip in Ht. rewrite ip_sub_r, (ip_sym V (S O) target) in Ht.
  set (r := vnorm (S O)) in *. set (p := ip target (S O)) in *.
  assert (Hr2 : ip (S O) (S O) = r ^ 2) by (pose proof (vnorm_sqr (S O)); unfold sqnorm, r in *; lra).
  assert (HLp : loss (S O) target = 1 - 2 * p + r ^ 2).
  { revert unit_target. expand. rewrite (ip_sym V (S O) target). fold p. lra. }
  set (L := loss (S O) target) in *.
  assert (Hr : 0 < r) by (pose proof (vnorm_pos (S O)) as [R0 | Z];
    [trivial | fold r in Z; rewrite <- Z in E, HLp; lra]).
  assert (Hpsi' : psi < PI / 2).
  { apply Rnot_le_lt. intro O. assert (cos psi <= 0) by (apply cos_le_0; lra). nra. }
  destruct (chain_geometry psi Hn ltac:(lra) E) as (m & Hm & HN & HI).
  assert (Hx : 0 <= INR n * m <= psi).
  { destruct Hm as [M0 M1]. split; [nra |]. apply Rmult_le_compat_r with (r := INR n) in M1; [| lra].
    unfold Rdiv in M1. rewrite Rmult_assoc, Rinv_l in M1; lra. }
  assert (Hc : 0 <= cos m ^ n <= 1).
  { assert (0 <= cos m) by (apply cos_ge_0; nra). split; [now apply pow_le |].
    rewrite <- (pow1 n). apply pow_incr. split; [trivial | apply COS_bound]. }
  destruct (least_squares_extreme L r p theta psi (INR n * m) (cos m ^ n)) as [T B]; try lra.
  exists m. split.
  { split; [lra |]. apply Rle_trans with (1 := proj2 Hm).
    apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat |]; lra. }
  unfold chain_objective. rewrite Nat.mul_comm, pow_mult.
  apply Rle_trans with (1 := B).
  replace (loss (S n) target) with (1 - 2 * ip target (S n) + vnorm (S n) ^ 2).
  2: { revert unit_target. pose proof (vnorm_sqr (S n)) as Q. revert Q. expand.
       rewrite (ip_sym V (S n) target). lra. }
  assert (C : cos psi <= cos (psi - INR n * m)) by (apply cos_decr_1; lra).
  set (C' := cos (psi - INR n * m)) in *. set (q := vnorm (S n)) in *. fold r in HN.
  assert (r <= cos psi) by (apply Rmult_le_reg_l with r; lra).
  assert (0 <= r * (1 - cos m ^ n)) by (apply Rmult_le_pos; lra).
  assert (Q : (C' - r * cos m ^ n) ^ 2 <= (C' - q) ^ 2) by (apply pow_incr; lra). lra.
Qed.
End Bound.

(** ** Attainment, and what follows *)

(** The spiral: turn by [phi] and shrink by [cos phi], [i] times. *)
Definition spiral (theta phi : R) (i : nat) : R2 :=
  (cos theta * cos phi ^ i * cos (theta - INR i * phi),
   cos theta * cos phi ^ i * sin (theta - INR i * phi)).

(** [nstep-sharp] Every value of the objective is the loss of a chain that starts at least squares. *)
Theorem nstep_sharp (theta phi : R) (n : nat) :
  let S := spiral theta phi in
  sqnorm unit_x = 1 /\ least_squares (span (fun _ => S O) 1) unit_x (S O) /\ student_chain S n /\
  loss (S O) unit_x = sin theta ^ 2 /\ loss (S n) unit_x = chain_objective n theta phi.
Proof.
  assert (T := sin2_cos2 theta). unfold Rsqr in T.
  split; [unfold sqnorm; cbn; ring |]. split; [| split; [| split]].
  - apply one_feature_teacher. unfold spiral. cbn. rewrite Rmult_0_l, Rminus_0_r.
    transitivity (cos theta * cos theta * (1 - (sin theta * sin theta + cos theta * cos theta)));
      [ring | rewrite T; ring].
  - intros i _. apply shrinkage_iff_ip, Req_le. unfold spiral. rewrite S_INR.
    replace (theta - INR i * phi) with ((theta - (INR i + 1) * phi) + phi) by ring.
    cbn. rewrite cos_plus, sin_plus. ring.
  - unfold loss, sqnorm, spiral. cbn. rewrite Rmult_0_l, Rminus_0_r.
    transitivity (cos theta * cos theta * (sin theta * sin theta + cos theta * cos theta)
      - 2 * (cos theta * cos theta) + 1); [ring | rewrite T; lra].
  - unfold loss, sqnorm, spiral, chain_objective. set (x := theta - INR n * phi).
    assert (X := sin2_cos2 x). unfold Rsqr in X. rewrite Nat.mul_comm, pow_mult. cbn.
    set (u := cos theta * cos phi ^ n).
    transitivity (u * u * (sin x * sin x + cos x * cos x) - 2 * u * cos x + 1);
      [ring | rewrite X; unfold u; ring].
Qed.

Section Floor.
Variables (theta : R) (n : nat).
Hypotheses (Hth : 0 <= theta < PI / 2) (Hn : (1 <= n)%nat).

Lemma angle_of_loss :
  0 <= sin theta ^ 2 < 1 /\ cos theta = sqrt (1 - sin theta ^ 2) /\ 0 <= theta / INR n.
Proof using Hth Hn.
  assert (T := sin2_cos2 theta). unfold Rsqr in T.
  assert (C : 0 < cos theta) by (apply cos_gt_0; lra).
  repeat split; [nra | nra | | apply Rmult_le_pos; [lra |]].
  - replace (1 - sin theta ^ 2) with (cos theta * cos theta) by lra. now rewrite sqrt_square; lra.
  - apply Rlt_le, Rinv_0_lt_compat, (lt_INR 0). lia.
Qed.

(** [nstep] The floor exists, and bounds every chain from a shrinkage optimal teacher. *)
Theorem nstep :
  (exists m, is_chain_floor n theta m) /\
  forall (m : R) (V : inner_space) (target : V) (S : nat -> V),
    is_chain_floor n theta m ->
    sqnorm target = 1 -> shrinkage_optimal target (S O) -> student_chain S n ->
    loss (S O) target = sin theta ^ 2 -> m <= loss (S n) target.
Proof using Hth Hn.
  destruct angle_of_loss as (A & B & D). split.
  - destruct (continuity_ab_min (chain_objective n theta) 0 (theta / INR n)) as (phi & Hmin & Hphi);
      trivial; [| exists (chain_objective n theta phi); split; [exact Hmin | now exists phi]].
    intros c _. apply derivable_continuous_pt, ex_derive_Reals_0.
    unfold chain_objective. auto_derive. trivial.
  - intros m V target S [Hm _] U T C L. rewrite <- L in A, B.
    destruct (nstep_bound target S n U C theta Hn T (proj2 A)) as (phi & P & Q); trivial; [lra |].
    apply Rle_trans with (2 := Q). now apply Hm.
Qed.

(** It never falls below the limit of Theorem 4.2. *)
Lemma nstep_above_bounded (m : R) : is_chain_floor n theta m -> bounded_floor (sin theta ^ 2) <= m.
Proof using.
  intros [_ (phi & _ & <-)].
  destruct (nstep_sharp theta phi n) as (U & T & C & <- & <-).
  apply (cor_2 unit_x _ n); trivial. exact (span_teacher _ _ _ _ T).
Qed.

(** One more student never hurts. *)
Lemma nstep_monotone (m m' : R) :
  is_chain_floor n theta m -> is_chain_floor (n + 1) theta m' -> m' <= m.
Proof using Hth Hn.
  intros [_ (phi & _ & <-)] [Hm' _].
  destruct (nstep_sharp theta phi n) as (U & T & C & L & <-). set (S := spiral theta phi) in *.
  set (S' := fun i => S (Nat.min i n)).
  assert (C' : student_chain S' (n + 1)).
  { intros i Hi. unfold S'. destruct (Nat.eq_dec i n) as [-> | E].
    - rewrite !Nat.min_r by lia. apply shrinkage_iff_ip. rewrite ip_sub_r. lra.
    - rewrite !Nat.min_l by lia. apply C. lia. }
  destruct angle_of_loss as (A & B & _).
  destruct (nstep_bound unit_x S' (n + 1) U C' theta) as (psi & P & Q); unfold S' in *;
    rewrite ?Nat.min_l in * by lia; trivial; try lia; try lra.
  - exact (span_teacher _ _ _ _ T).
  - now rewrite L.
  - apply Rle_trans with (chain_objective (n + 1) theta psi); [now apply Hm' |].
    rewrite Nat.min_r in Q by lia. exact Q.
Qed.
End Floor.

(** One student: the floor of Theorem 4.1. *)
Lemma nstep_one (theta : R) :
  0 <= theta < PI / 2 -> is_chain_floor 1 theta (shrinkage_floor (sin theta ^ 2)).
Proof.
  intro Hth. destruct (angle_of_loss theta 1 Hth (le_n 1)) as (A & B & _).
  assert (Low : forall phi, shrinkage_floor (sin theta ^ 2) <= chain_objective 1 theta phi).
  { intro phi. destruct (nstep_sharp theta phi 1) as (U & T & C & <- & <-).
    apply thm_4_1; trivial; [exact (span_teacher _ _ _ _ T) | apply (C 0%nat); lia]. }
  split; [auto |].
  destruct (floor_attained (sin theta ^ 2)) as (f & fT & fS & U & T & C & L & E); [lra |].
  destruct (nstep_bound f (fun i => if Nat.eqb i 0 then fT else fS) 1 U) with (theta := theta)
    as (phi & P & Q); cbn in *; trivial; try lra.
  - intros i Hi. assert (i = 0)%nat as -> by lia. exact C.
  - exact (span_teacher _ _ _ _ T).
  - now rewrite L.
  - exists phi. split; trivial. apply Rle_antisym; [lra | apply Low].
Qed.

Lemma pow_deficit (c : R) (n : nat) : 0 <= c <= 1 -> 1 - INR n * (1 - c) <= c ^ n.
Proof.
  intro Hc. induction n; [cbn; lra |]. rewrite S_INR. cbn [pow].
  assert (c ^ n <= 1) by (rewrite <- (pow1 n); now apply pow_incr). nra.
Qed.
Lemma cos_deficit (x : R) : 0 <= x -> 1 - x ^ 2 / 2 <= cos x.
Proof.
  intro Hx. replace x with (2 * (x / 2)) at 2 by field. rewrite cos_2a_sin.
  assert (E : Rabs (sin (x / 2)) <= x / 2).
  { destruct Hx as [Hx | <-]; [| unfold Rdiv; rewrite Rmult_0_l, sin_0, Rabs_R0; lra].
    apply Rabs_le. pose proof (sin_lt_x (x / 2) ltac:(lra)).
    destruct (Rle_dec (x / 2) PI); [pose proof (sin_ge_0 (x / 2)); lra |].
    pose proof (SIN_bound (x / 2)). pose proof PI2_1. lra. }
  apply Rabs_le_between in E. nra.
Qed.

Lemma nstep_rate (theta : R) (n : nat) (m : R) :
  0 <= theta < PI / 2 -> (1 <= n)%nat -> is_chain_floor n theta m ->
  m <= (1 - cos theta * (1 - theta ^ 2 / (2 * INR n))) ^ 2.
Proof.
  intros Hth Hn Hm. destruct (angle_of_loss theta n Hth Hn) as (A & B & D).
  apply Rle_trans with (chain_objective n theta (theta / INR n)); [apply Hm; lra |].
  assert (N : 1 <= INR n) by now apply (le_INR 1).
  assert (Q : theta / INR n <= theta).
  { apply Rmult_le_reg_r with (INR n); [lra |]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; nra. }
  unfold chain_objective. replace (theta - _) with 0 by (field; lra).
  rewrite cos_0, Nat.mul_comm, pow_mult. set (c := cos (theta / INR n)).
  assert (C : 0 <= c <= 1) by (split; [apply cos_ge_0; lra | apply COS_bound]).
  assert (P := pow_deficit c n C). assert (E := cos_deficit (theta / INR n) D). fold c in E.
  assert (F : INR n * (1 - c) <= theta ^ 2 / (2 * INR n)).
  { replace (theta ^ 2 / (2 * INR n)) with (INR n * ((theta / INR n) ^ 2 / 2)) by (field; lra).
    apply Rmult_le_compat_l; lra. }
  assert (P1 : c ^ n <= 1) by (rewrite <- (pow1 n); now apply pow_incr).
  assert (K : 0 <= cos theta <= 1) by (split; [apply cos_ge_0; lra | apply COS_bound]).
  replace (_ + _ * (c ^ n) ^ 2) with ((1 - cos theta * c ^ n) ^ 2) by ring. apply pow_incr.
  split; [nra |]. apply Rplus_le_compat_l, Ropp_le_contravar, Rmult_le_compat_l; lra.
Qed.

(** [nstep-ends] One student: Theorem 4.1. More students: never higher, never below Theorem 4.2,
    which is the limit, at the rate [1 / n]. *)
Theorem nstep_ends (theta : R) :
  0 <= theta < PI / 2 ->
  is_chain_floor 1 theta (shrinkage_floor (sin theta ^ 2)) /\
  bounded_floor (sin theta ^ 2) = (1 - cos theta) ^ 2 /\
  forall n m m', (1 <= n)%nat -> is_chain_floor n theta m -> is_chain_floor (n + 1) theta m' ->
    m' <= m /\ bounded_floor (sin theta ^ 2) <= m /\
    m <= (1 - cos theta * (1 - theta ^ 2 / (2 * INR n))) ^ 2.
Proof.
  intro Hth. split; [now apply nstep_one | split].
  - unfold bounded_floor. now rewrite <- (proj1 (proj2 (angle_of_loss theta 1 Hth (le_n 1)))).
  - intros n m m' Hn Hm Hm'. split; [now apply (nstep_monotone theta n) | split].
    + now apply nstep_above_bounded with n.
    + now apply nstep_rate.
Qed.
